package im.stanzabus.server;

import im.stanzabus.storage.DatabaseConfig;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.LongAdder;

/// Stands between a server and its PostgreSQL and counts the statements that pass: the messages Query and Execute of
/// the frontend's protocol. Without TLS only.
final class StatementCounter implements AutoCloseable {
    /// What the protocol counts as part of a message's length.
    private static final int LENGTH_BYTES = 4;

    private static final int BACKLOG = 50;

    private final DatabaseConfig behind;
    private final ServerSocket listening;
    private final LongAdder statements = new LongAdder();

    @FunctionalInterface
    private interface Direction {
        void pass(InputStream from, OutputStream to) throws IOException;
    }

    StatementCounter(DatabaseConfig behind) throws IOException {
        this.behind = behind;
        listening = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    long statements() {
        return statements.sum();
    }

    private void accept() {
        try {
            while (true) {
                Socket near = listening.accept();
                Socket far = new Socket(behind.host(), behind.port());
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> pass(near, far, this::requests));
                Thread.ofVirtual().start(() -> pass(far, near, InputStream::transferTo));
            }
        } catch (IOException e) {
            // the test is over
        }
    }

    private static void pass(Socket from, Socket to, Direction direction) {
        try (from;
                to) {
            direction.pass(from.getInputStream(), to.getOutputStream());
        } catch (IOException e) {
            // either side may end the connection
        }
    }

    private void requests(InputStream from, OutputStream to) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(from));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(to));
        rest(in, out); // the first message has no type
        for (int type = in.read(); type >= 0; type = in.read()) {
            if (type == 'Q' || type == 'E') {
                statements.increment();
            }
            out.write(type);
            rest(in, out);
        }
    }

    private static void rest(DataInputStream in, DataOutputStream out) throws IOException {
        int length = in.readInt();
        out.writeInt(length);
        out.write(in.readNBytes(length - LENGTH_BYTES));
        if (in.available() == 0) {
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
