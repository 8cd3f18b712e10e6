package im.stanzabus.server.clients;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;

/// The network between a client and the server: loopback, until it is cut. Safe from any thread.
final class Line implements AutoCloseable {
    private static final int LONGER_THAN_A_REQUEST = 100;

    private final InetSocketAddress server;
    private final ServerSocket entrance;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean broken;
    private volatile boolean swallowsUp;
    private volatile boolean swallowsDown;
    private volatile int mostSwallowed;

    Line(InetSocketAddress server) throws IOException {
        this.server = server;
        entrance = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::take);
    }

    int port() {
        return entrance.getLocalPort();
    }

    /// From now on nothing arrives any more that the client sends, and nobody is told.
    void swallowWhatTheClientSends() {
        swallowsUp = true;
    }

    /// Waits until the client has sent a stanza that was swallowed: a piece that is longer than a request for an
    /// acknowledgement.
    void awaitSwallowedStanza() {
        Awaitility.await().until(() -> mostSwallowed > LONGER_THAN_A_REQUEST);
    }

    /// From now on nothing arrives any more that the server sends, and nobody is told.
    void swallowWhatTheServerSends() {
        swallowsDown = true;
    }

    /// Ends the connections that there are; new ones end at once.
    void cut() {
        broken = true;
        sockets.forEach(Line::close);
    }

    /// New connections work again.
    void mend() {
        swallowsUp = false;
        swallowsDown = false;
        broken = false;
    }

    private void take() {
        while (!entrance.isClosed()) {
            try {
                connect(entrance.accept());
            } catch (IOException _) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        sockets.add(client);
        Socket away = new Socket();
        sockets.add(away);
        try {
            away.connect(server);
        } catch (IOException _) {
            broken = true;
        }
        if (broken) {
            close(client);
            close(away);
            return;
        }
        Thread.ofVirtual().start(() -> copy(client, away, true));
        Thread.ofVirtual().start(() -> copy(away, client, false));
    }

    private void copy(Socket from, Socket to, boolean up) {
        byte[] buffer = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (!(up ? swallowsUp : swallowsDown)) {
                    out.write(buffer, 0, read);
                } else if (up) {
                    mostSwallowed = Math.max(mostSwallowed, read);
                }
            }
        } catch (IOException _) {
            // It was cut, or one of the two has closed it: the other is to see that, too.
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException _) {
            // It was closed before.
        }
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        cut();
    }
}
