package im.stanzabus.server;

import com.sun.management.ThreadMXBean;
import im.stanzabus.storage.DatabaseConfig;
import im.stanzabus.storage.testing.TestDatabase;
import im.stanzabus.testkit.EmbeddedServer;
import im.stanzabus.testkit.Scram;
import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.Xml;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/// Two people who talk over a server of their own, and what the server needs for it. It has one event loop for clients
/// and one for accounts, and there is no TLS. To be used by one thread.
final class MeasuredTalk implements AutoCloseable {
    private static final String SETTINGS = """
            data: data
            http: {port: 0}
            log: {level: warn}
            hosts:
              - {domain: logged.example, archive: true}
              - {domain: fleeting.example, archive: false}
            c2s-gateway: {host: 127.0.0.1, port: 0, direct-tls: {port: 0}, starttls: optional, instances: 1}
            s2s-gateway: {host: 127.0.0.1, port: 0, direct-tls: {port: 0}, policies: [{domain: '*', blocked: true}]}
            session-service: {partitions: 1}
            database: {host: %s, port: %d, name: %s, user: %s, password: '%s'}
            """;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final String EVENT_LOOPS = "vert.x-eventloop-thread";

    private final Set<Long> othersLoops = eventLoops();
    private final StatementCounter database;
    private final EmbeddedServer server;
    private final LongAdder busMessages = new LongAdder();
    private final TestStream romeo;
    private final TestStream juliet;
    private final String receiver;
    private long said;

    /// @param host one of the two above
    MeasuredTalk(String host) throws IOException {
        DatabaseConfig config = freshDatabase();
        database = new StatementCounter(config);
        server = new EmbeddedServer(
                SETTINGS.formatted(config.host(), database.port(), config.name(), config.user(), config.password()));
        server.running().context().vertx().eventBus().addOutboundInterceptor(delivery -> {
            busMessages.increment();
            delivery.next();
        });
        romeo = online("romeo", host);
        juliet = online("juliet", host);
        receiver = "juliet@" + host;
    }

    private static DatabaseConfig freshDatabase() {
        Vertx vertx = Vertx.vertx();
        try {
            return EmbeddedServer.await(TestDatabase.freshConfig(vertx));
        } finally {
            EmbeddedServer.await(vertx.close());
        }
    }

    private TestStream online(String user, String host) {
        server.createUser(user, host);
        TestStream stream = TestStream.plain(server, host);
        stream.open();
        Xml answer = stream.scram("SCRAM-SHA-1", new Scram("SHA-1", user, TestServer.PASSWORD, "n", new byte[0]));
        if (!answer.name().equals("success")) {
            throw new AssertionError("no login: " + answer);
        }
        stream.open();
        stream.bind("phone");
        stream.connection().send("<presence/>");
        stream.connection().element();
        return stream;
    }

    /// What something has needed; all but the messages by the server.
    ///
    /// @param messages that were said and heard
    /// @param busMessages sent on the event bus
    /// @param statements that PostgreSQL was to carry out
    /// @param writes to clients' sockets
    /// @param bytes allocated by event loops
    record Cost(int messages, double busMessages, double statements, double writes, double bytes) {
        private Cost less(Cost before, int more) {
            return new Cost(
                    more,
                    busMessages - before.busMessages,
                    statements - before.statements,
                    writes - before.writes,
                    bytes - before.bytes);
        }

        /// For each hundred messages.
        Cost ofAHundred() {
            double hundreds = messages / 100.0;
            return new Cost(100, busMessages / hundreds, statements / hundreds, writes / hundreds, bytes / hundreds);
        }

        /// What else goes on only adds: the least of each counts.
        Cost orLess(Cost other) {
            return new Cost(
                    messages,
                    Math.min(busMessages, other.busMessages),
                    Math.min(statements, other.statements),
                    Math.min(writes, other.writes),
                    Math.min(bytes, other.bytes));
        }
    }

    /// Says so much at once, again and again when it was heard, in order.
    Cost speeches(int count, int lines) {
        Cost before = now();
        for (int i = 0; i < count; i++) {
            StringBuilder speech = new StringBuilder();
            for (int j = 0; j < lines; j++) {
                speech.append(line(said + j));
            }
            romeo.connection().send(speech.toString());
            for (int j = 0; j < lines; j++) {
                hear();
            }
        }
        return now().less(before, count * lines);
    }

    private String line(long number) {
        return "<message type='chat' id='m" + number + "' to='" + receiver + "'><body>line " + number
                + ": But, soft! what light through yonder window breaks?</body></message>";
    }

    private void hear() {
        Xml message = juliet.connection().element();
        if (!message.attribute("id").equals("m" + said)) {
            throw new AssertionError("expected message " + said + ", but there was " + message);
        }
        said++;
    }

    private Cost now() {
        return new Cost(
                0,
                busMessages.sum(),
                database.statements(),
                server.running()
                        .context()
                        .metrics()
                        .get("stanzabus.c2s.flushes")
                        .counter()
                        .count(),
                allocated());
    }

    private long allocated() {
        Set<Long> loops = eventLoops();
        loops.removeAll(othersLoops);
        return loops.stream().mapToLong(THREADS::getThreadAllocatedBytes).sum();
    }

    private static Set<Long> eventLoops() {
        Set<Long> ids = new HashSet<>();
        Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().startsWith(EVENT_LOOPS))
                .forEach(thread -> ids.add(thread.getThreadId()));
        return ids;
    }

    @Override
    public void close() throws IOException {
        try (database;
                server;
                romeo;
                juliet) {
            juliet.connection().send("</stream:stream>");
        }
    }
}
