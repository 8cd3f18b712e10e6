package im.stanzabus.testkit.peer;

import im.stanzabus.testkit.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// A server that is not ours, in a process of its own, with one domain and a room service. It
/// listens on loopback, and keeps its ports and its accounts while it is killed and started
/// again; ejabberd forgets what it was told last when it is killed, and gets its accounts anew.
/// Safe from any thread.
public interface PeerServer extends TestServer, AutoCloseable {
    /// The domain of its rooms (XEP-0045).
    default String rooms() {
        return "conference." + host();
    }

    /// Where it takes streams of servers that begin without TLS.
    InetSocketAddress serverAddress();

    /// Where it takes streams of servers that begin with TLS (XEP-0368).
    InetSocketAddress serverTlsAddress();

    /// What it writes about itself, from all its lives.
    Path log();

    /// Whether a line of its log has these words in it.
    default boolean hasLogged(String words) {
        try (Stream<String> lines = Files.lines(log())) {
            return lines.anyMatch(line -> line.contains(words));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The process, as long as it is not killed.
    ProcessHandle process();

    /// Stops the process where it is: its connections stay open, and nothing is read or answered
    /// any more (SIGSTOP). Only {@link #kill} helps then.
    void freeze();

    /// Kills the process at once and waits until it is gone. Does nothing if there is none.
    void kill();

    /// Starts it again after {@link #kill}, and waits until it can be reached.
    void restart();

    /// Kills it. Its log stays in the build folder until the next peer of that domain.
    @Override
    void close();
}
