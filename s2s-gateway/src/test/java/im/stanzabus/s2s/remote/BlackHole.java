package im.stanzabus.s2s.remote;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// An address of this machine where connections are neither accepted nor refused: whoever listens there has as
/// many waiting connections as it takes, and the operating system drops the others.
final class BlackHole implements AutoCloseable {
    private static final int MORE_THAN_WAIT = 8;

    private final ServerSocket listener;
    private final List<SocketChannel> waiting = new ArrayList<>();

    /// @param port 0 for any free one
    BlackHole(String address, int port) throws IOException {
        listener = new ServerSocket(port, 1, InetAddress.ofLiteral(address));
        for (int i = 0; i < MORE_THAN_WAIT; i++) {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.bind(new InetSocketAddress(listener.getInetAddress(), 0));
            channel.connect(listener.getLocalSocketAddress());
            waiting.add(channel);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    /// Accepts connections until one comes that somebody else has opened, and returns that.
    Socket open() throws IOException {
        Set<Integer> own = new HashSet<>();
        for (SocketChannel channel : waiting) {
            own.add(((InetSocketAddress) channel.getLocalAddress()).getPort());
        }
        while (true) {
            Socket accepted = listener.accept();
            if (!own.contains(accepted.getPort())) {
                return accepted;
            }
            accepted.close();
        }
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : waiting) {
            channel.close();
        }
        listener.close();
    }
}
