package im.stanzabus.testkit.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/// The ports of a peer, which it keeps when it is started again. They are below those that
/// systems give to outgoing connections and to port 0, so that nothing takes them while the peer
/// is down.
///
/// @param clients for clients that use STARTTLS
/// @param clientsTls for clients that begin with TLS
/// @param servers for servers that use STARTTLS
/// @param serversTls for servers that begin with TLS
record PeerPorts(int clients, int clientsTls, int servers, int serversTls) {
    private static final int LOWEST = 20_000;
    private static final int BEYOND = 32_000;
    private static final int ATTEMPTS = 1000;

    static PeerPorts free() {
        Set<Integer> taken = new HashSet<>();
        return new PeerPorts(free(taken), free(taken), free(taken), free(taken));
    }

    private static int free(Set<Integer> taken) {
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, BEYOND);
            if (isFree(port) && taken.add(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port from " + LOWEST + " to " + BEYOND);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException _) {
            return false;
        }
    }

    static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
