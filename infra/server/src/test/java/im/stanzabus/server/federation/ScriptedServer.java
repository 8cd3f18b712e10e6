package im.stanzabus.server.federation;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server without TLS that only answers questions about keys of dialback, as a test says. Safe from any thread.
final class ScriptedServer implements AutoCloseable {
    private static final Pattern VERIFY =
            Pattern.compile("<db:verify [^>]*from='([^']*)' to='([^']*)'[^>]*id='([^']*)'[^>]*>([^<]*)</db:verify>");

    private final ServerSocket listener;
    private final String domain;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();

    /// The keys that it was asked about.
    final List<String> asked = new CopyOnWriteArrayList<>();

    /// All that was written to it, over all connections.
    final List<String> heard = new CopyOnWriteArrayList<>();

    /// What it answers: `valid`, `invalid`; empty for nothing.
    volatile String answer = "invalid";

    ScriptedServer(String domain) throws IOException {
        this.domain = domain;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException _) {
                // closed
            }
        }
    }

    private void serve(Socket socket) {
        StringBuilder read = new StringBuilder();
        boolean greeted = false;
        try (socket) {
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[8_192];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                String text = new String(buffer, 0, count, StandardCharsets.UTF_8);
                heard.add(text);
                read.append(text);
                if (!greeted && read.indexOf("<stream:stream") >= 0) {
                    greeted = true;
                    write(
                            socket,
                            "<stream:stream xmlns='jabber:server' xmlns:db='jabber:server:dialback'"
                                    + " xmlns:stream='http://etherx.jabber.org/streams' id='s1' version='1.0' from='"
                                    + domain
                                    + "'><stream:features><dialback xmlns='urn:xmpp:features:dialback'><errors/></dialback>"
                                    + "</stream:features>");
                }
                Matcher verify = VERIFY.matcher(read);
                while (verify.find()) {
                    asked.add(verify.group(4));
                    if (!answer.isEmpty()) {
                        write(
                                socket,
                                "<db:verify from='" + verify.group(2) + "' to='" + verify.group(1) + "' id='"
                                        + verify.group(3) + "' type='" + answer + "'/>");
                    }
                    read.delete(0, verify.end());
                    verify.reset(read);
                }
            }
        } catch (IOException _) {
            // the other side is gone
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : connections) {
            socket.close();
        }
    }
}
