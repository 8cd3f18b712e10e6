package im.stanzabus.bench.link;

import im.stanzabus.testkit.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/// Users of one server who write to users of another, each message as soon as it may be under way. Safe from any
/// thread.
final class Load implements AutoCloseable {
    private static final int USERS = 20;
    private static final String REST = "x".repeat(180);
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final List<Client> clients = new ArrayList<>();
    private final List<Thread> writers = new ArrayList<>();
    private final Semaphore mayBeUnderWay;
    private final boolean closedLoop;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final Recorder latencies = new Recorder(2);
    private volatile boolean running = true;

    /// Makes the accounts of those who write or read at a server.
    static void createUsers(TestServer server) {
        for (int i = 0; i < USERS; i++) {
            server.createUser("u" + i, server.host());
        }
    }

    /// Logs everybody in and begins.
    ///
    /// @param underWay how many messages may be under way at a time
    /// @param rate messages per second, whatever is under way; 0 for as many as go
    Load(TestServer from, TestServer to, int underWay, int rate) throws IOException {
        closedLoop = rate == 0;
        mayBeUnderWay = new Semaphore(closedLoop ? underWay : 0);
        List<Client> readers = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
            Client reader = Client.online(to, "u" + i);
            readers.add(reader);
            clients.add(reader);
            Thread.ofVirtual().start(new Received(reader.in(), this::received));
        }
        for (int i = 0; i < USERS; i++) {
            Client writer = Client.online(from, "u" + i);
            clients.add(writer);
            Thread.ofVirtual().start(new Received(writer.in(), _ -> cameBack()));
            String receiver = readers.get(i).jid();
            writers.add(Thread.ofVirtual().start(() -> write(writer, receiver)));
        }
        if (!closedLoop) {
            writers.add(Thread.ofPlatform().daemon().start(() -> pace(rate)));
        }
    }

    private void write(Client client, String to) {
        String head = "<message type='chat' to='" + to + "'><body>";
        String tail = " " + REST + "</body></message>";
        try {
            while (running) {
                mayBeUnderWay.acquire();
                client.send(head + System.nanoTime() + tail);
                sent.incrementAndGet();
            }
        } catch (InterruptedException _) {
            // the load ends
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void pace(int rate) {
        long begin = System.nanoTime();
        long given = 0;
        while (running) {
            long due = (System.nanoTime() - begin) * rate / NANOS_PER_SECOND;
            if (due > given) {
                mayBeUnderWay.release((int) (due - given));
                given = due;
            }
            LockSupport.parkNanos(NANOS_PER_MILLI);
        }
    }

    private void received(long sentAt) {
        latencies.recordValue(Math.max(0, System.nanoTime() - sentAt));
        received.incrementAndGet();
        if (closedLoop) {
            mayBeUnderWay.release();
        }
    }

    private void cameBack() {
        throw new IllegalStateException("a message came back");
    }

    long received() {
        return received.get();
    }

    /// How long messages were under way that have arrived since the last call, in nanoseconds.
    Histogram latencies() {
        return latencies.getIntervalHistogram();
    }

    /// Sends nothing more and waits until everything that was sent has arrived.
    ///
    /// @return what has not within ten seconds
    long missing() throws InterruptedException {
        running = false;
        for (Thread writer : writers) {
            writer.interrupt();
            writer.join();
        }
        long deadline = System.nanoTime() + 10 * NANOS_PER_SECOND;
        while (received.get() < sent.get() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(NANOS_PER_MILLI);
        }
        return sent.get() - received.get();
    }

    @Override
    public void close() throws IOException {
        running = false;
        for (Client client : clients) {
            client.close();
        }
    }
}
