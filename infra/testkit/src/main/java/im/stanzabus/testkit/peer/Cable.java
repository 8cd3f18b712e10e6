package im.stanzabus.testkit.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/// What lies between two servers: connections to its port lead to the server behind it, until
/// somebody cuts them. Safe from any thread.
public final class Cable implements AutoCloseable {
    private static final int BUFFER = 16_384;

    private final ServerSocket end = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final InetSocketAddress server;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();

    /// @param server at the other end
    public Cable(InetSocketAddress server) throws IOException {
        this.server = server;
        Thread.ofVirtual().name("cable").start(this::accept);
    }

    /// Where the connections begin.
    public int port() {
        return end.getLocalPort();
    }

    /// Ends all connections that there are, as a router does that has forgotten them: both sides
    /// are told by a reset, and what is on its way is lost. New ones are made as before.
    public void cut() {
        links.forEach(Link::cut);
    }

    /// The connections that there are stay open, but nothing comes through any more, and nobody is
    /// told. New ones are made as before.
    public void stall() {
        links.forEach(link -> link.stalled = true);
    }

    private void accept() {
        while (!end.isClosed()) {
            try {
                Socket near = end.accept();
                Thread.ofVirtual().name("cable-link").start(() -> connect(near));
            } catch (IOException _) {
                // closed
            }
        }
    }

    private void connect(Socket near) {
        Socket far = new Socket();
        Link link = new Link(near, far);
        links.add(link);
        try (near;
                far) {
            far.connect(server);
            Thread back = Thread.ofVirtual().name("cable-back").start(() -> link.carry(far, near));
            link.carry(near, far);
            back.join();
        } catch (IOException _) {
            // nobody is there; the one who came is sent away
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            links.remove(link);
        }
    }

    @Override
    public void close() {
        try {
            end.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    /// The two ends of a connection.
    private static final class Link {
        private final Socket near;
        private final Socket far;
        private final CountDownLatch over = new CountDownLatch(1);
        private volatile boolean stalled;

        Link(Socket near, Socket far) {
            this.near = near;
            this.far = far;
        }

        /// Until the sender has ended, or one of the two is gone.
        void carry(Socket from, Socket to) {
            byte[] buffer = new byte[BUFFER];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                int count = in.read(buffer);
                while (count >= 0 && !stalled) {
                    out.write(buffer, 0, count);
                    count = in.read(buffer);
                }
                if (stalled) {
                    over.await();
                } else {
                    to.shutdownOutput();
                }
            } catch (IOException _) {
                if (!stalled) {
                    cut();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        void cut() {
            over.countDown();
            reset(near);
            reset(far);
        }

        private static void reset(Socket socket) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException _) {
                // it is closed already
            }
        }
    }
}
