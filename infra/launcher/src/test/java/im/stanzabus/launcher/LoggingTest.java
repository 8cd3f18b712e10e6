package im.stanzabus.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.json.JsonObject;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class LoggingTest {
    private final LoggerContext context = new LoggerContext();

    private String line(LogConfig.Format format, String message, Throwable failure) {
        Logger logger = context.getLogger("im.stanzabus.c2s.Stream");
        LoggingEvent event = new LoggingEvent("caller", logger, Level.INFO, message, failure, null);
        return new String(Logging.encoder(context, format).encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void aTextLineHasTimeLevelSourceAndMessage() {
        assertThat(line(LogConfig.Format.TEXT, "stream 7 of romeo@localhost", null))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d) INFO  Stream - "
                        + "stream 7 of romeo@localhost\n");
    }

    @Test
    void whatClientsSendCannotForgeLines() {
        String line = line(LogConfig.Format.TEXT, "a\r\n2026-01-01 ERROR b\u001b[31m\u0000\u007f\tc", null);

        assertThat(line).hasLineCount(1).endsWith(" - a  2026-01-01 ERROR b [31m  \tc\n");
    }

    @Test
    void aFaultHasItsTrace() {
        assertThat(line(LogConfig.Format.TEXT, "failed", new IllegalStateException("why")))
                .contains("IllegalStateException: why\n\tat im.stanzabus.launcher.LoggingTest");
    }

    @Test
    void aJsonLineIsOneObject() {
        String line = line(LogConfig.Format.JSON, "a \"b\"\nc", null);

        assertThat(line).hasLineCount(1);
        JsonObject event = new JsonObject(line);
        assertThat(event.getString("level")).isEqualTo("INFO");
        assertThat(event.getString("loggerName")).isEqualTo("im.stanzabus.c2s.Stream");
        assertThat(event.getString("formattedMessage")).isEqualTo("a \"b\"\nc");
        assertThat(event.getLong("timestamp")).isPositive();
    }

    @Test
    void librariesAreQuietUntilTheyWarn() {
        LoggerContext own = (LoggerContext) LoggerFactory.getILoggerFactory();

        for (String name : new String[] {"io.netty", "io.vertx", "org.flywaydb", "io.zonky", "org.postgresql"}) {
            assertThat(own.getLogger(name).isInfoEnabled()).as(name).isFalse();
            assertThat(own.getLogger(name).isWarnEnabled()).as(name).isTrue();
        }
    }

    private LoggerContext at(Level level) {
        LoggerContext own = new LoggerContext();
        Logging.setUp(own, Logging.encoder(own, LogConfig.Format.TEXT), "System.out", level);
        return own;
    }

    /// The names are those of classes, so that a new version of the library with other names is noticed.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "com.hazelcast.instance.impl.Node",
                "com.hazelcast.internal.cluster.ClusterService",
                "com.hazelcast.internal.cluster.impl.ClusterHeartbeatManager",
                "com.hazelcast.internal.cluster.impl.MembershipManager",
                "com.hazelcast.internal.cluster.impl.TcpIpJoiner",
                "com.hazelcast.internal.cluster.impl.operations.MergeClustersOp",
                "com.hazelcast.internal.partition.InternalPartitionService",
                "com.hazelcast.internal.partition.impl.MigrationManager",
                "com.hazelcast.internal.server.tcp.TcpServerConnectionErrorHandler",
                "com.hazelcast.spi.impl.operationservice.OperationService",
                "com.hazelcast.spi.impl.operationservice.impl.InboundResponseHandler",
                "com.hazelcast.internal.cluster.impl.operations.FetchMembersViewOp",
                "io.vertx.core.net.impl.ConnectionBase"
            })
    void whatALossOfAMemberLooksLikeInsideIsNotTold(String name) throws Exception {
        assertThat(Class.forName(name, false, getClass().getClassLoader())).isNotNull();
        assertThat(at(Level.INFO).getLogger(name).isWarnEnabled()).isFalse();
        assertThat(at(Level.DEBUG).getLogger(name).isWarnEnabled()).isTrue();
    }

    /// Somebody of another cluster knocks at this one.
    @Test
    void whatIsTheOnlyWordAboutATroubleIsTold() throws Exception {
        String name = "com.hazelcast.internal.cluster.impl.ClusterJoinManager";

        assertThat(Class.forName(name, false, getClass().getClassLoader())).isNotNull();
        assertThat(at(Level.INFO).getLogger(name).isWarnEnabled()).isTrue();
    }

    /// Appends what an appender passes on to a list.
    private static ListAppender<ILoggingEvent> replaceConsole(LoggerContext own, Logger logger) {
        ListAppender<ILoggingEvent> written = new ListAppender<>();
        written.start();
        logger.detachAndStopAllAppenders();
        BriefAppender brief = new BriefAppender(own, written);
        brief.start();
        logger.addAppender(brief);
        return written;
    }

    @Test
    void aMemberThatIsNotReachedIsOneLineAMinute() throws Exception {
        String name = "io.vertx.core.eventbus.impl.clustered.ClusteredEventBus";
        assertThat(Class.forName(name, false, getClass().getClassLoader())).isNotNull();
        LoggerContext own = at(Level.INFO);
        Logger bus = own.getLogger(name);
        assertThat(bus.isAdditive()).isFalse();
        assertThat(bus.iteratorForAppenders().next()).isInstanceOf(BriefAppender.class);
        assertThat(at(Level.DEBUG).getLogger(name).isAdditive()).isTrue();
        ListAppender<ILoggingEvent> written = replaceConsole(own, bus);

        for (int second = 0; second < 90; second++) {
            for (String node : List.of("a", "b")) {
                LoggingEvent event = new LoggingEvent(
                        "caller", bus, Level.WARN, "Connecting to server {} failed", refused(node), new Object[] {node
                        });
                event.setInstant(Instant.EPOCH.plusSeconds(second));
                bus.callAppenders(event);
            }
        }
        bus.error("broken", new IllegalStateException("why"));

        assertThat(written.list.stream().map(ILoggingEvent::getFormattedMessage))
                .containsExactly(
                        "Connecting to server a failed: Connection refused: a",
                        "Connecting to server b failed: Connection refused: b",
                        "Connecting to server a failed: Connection refused: a",
                        "Connecting to server b failed: Connection refused: b",
                        "broken");
        assertThat(written.list.subList(0, 4)).allSatisfy(line -> {
            assertThat(line.getThrowableProxy()).isNull();
            assertThat(line.getLoggerName()).isEqualTo(name);
        });
        assertThat(written.list.getLast().getThrowableProxy()).isNotNull();
    }

    private static Throwable refused(String node) {
        return new ConnectException("Connection refused: " + node);
    }
}
