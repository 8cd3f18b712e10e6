package im.stanzabus.testkit.peer;

import im.stanzabus.testkit.TestServer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// The life of a peer's process: started, reachable, killed.
final class PeerProcess implements PeerServer {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final int ANSWER_MILLIS = 2000;

    private final PeerSite site;
    private final ProcessBuilder program;
    private final Set<String> accounts = ConcurrentHashMap.newKeySet();
    private volatile Life life;

    /// A running process, and what kills it when a test run ends before its time.
    private record Life(Process process, Thread lastResort) {
        static Life begin(ProcessBuilder program) throws IOException {
            Process process = program.start();
            Thread lastResort = new Thread(process::destroyForcibly, "peer-end");
            Runtime.getRuntime().addShutdownHook(lastResort);
            return new Life(process, lastResort);
        }

        boolean hasEnded(Duration within) {
            try {
                return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        void end() {
            process.destroyForcibly();
            if (!hasEnded(PATIENCE)) {
                throw new IllegalStateException("the peer survived");
            }
            Runtime.getRuntime().removeShutdownHook(lastResort);
        }
    }

    /// Starts the program and waits until it can be reached.
    ///
    /// @param program can be started again and again
    PeerProcess(PeerSite site, ProcessBuilder program) {
        this.site = site;
        this.program = program.directory(site.folder().path().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(site.folder().output().toFile()));
        life = begun();
    }

    private Life begun() {
        try {
            Life next = Life.begin(program);
            String trouble = troubleWhileStarting(next);
            if (!trouble.isEmpty()) {
                next.end();
                throw new IllegalStateException(trouble + site.folder().lastWords());
            }
            return next;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String troubleWhileStarting(Life next) {
        Instant deadline = Instant.now().plus(PATIENCE);
        PeerPorts ports = site.ports();
        while (!answers(ports.clients(), "jabber:client") || !answers(ports.servers(), "jabber:server")) {
            if (next.hasEnded(LOOK_AGAIN)) {
                return "the peer did not start:";
            }
            if (Instant.now().isAfter(deadline)) {
                return "the peer does not answer:";
            }
        }
        return "";
    }

    /// Whether a stream is opened there. A port alone tells nothing: a server may listen before
    /// it serves.
    private boolean answers(int port, String namespace) {
        String header = "<stream:stream xmlns='" + namespace + "' xmlns:stream='http://etherx.jabber.org/streams' to='"
                + host() + "' version='1.0'>";
        try (Socket socket = new Socket()) {
            socket.connect(PeerPorts.at(port), ANSWER_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write(header.getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public ProcessHandle process() {
        return life.process.toHandle();
    }

    @Override
    public void freeze() {
        try {
            Process signal = new ProcessBuilder("kill", "-STOP", Long.toString(life.process.pid())).start();
            if (signal.waitFor() != 0) {
                throw new IllegalStateException("the peer cannot be stopped");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void kill() {
        life.end();
    }

    @Override
    public void restart() {
        life = begun();
        accounts.forEach(this::register);
    }

    @Override
    public void close() {
        kill();
    }

    @Override
    public String host() {
        return site.settings().domain();
    }

    @Override
    public Path log() {
        return site.folder().log();
    }

    @Override
    public InetSocketAddress address() {
        return PeerPorts.at(site.ports().clients());
    }

    @Override
    public InetSocketAddress tlsAddress() {
        return PeerPorts.at(site.ports().clientsTls());
    }

    @Override
    public InetSocketAddress serverAddress() {
        return PeerPorts.at(site.ports().servers());
    }

    @Override
    public InetSocketAddress serverTlsAddress() {
        return PeerPorts.at(site.ports().serversTls());
    }

    @Override
    public void createUser(String local, String domain) {
        if (!domain.equals(host()) || !register(local)) {
            throw new IllegalStateException("no account for " + local + "@" + domain);
        }
        accounts.add(local);
    }

    private boolean register(String local) {
        return TestServer.register(this, local, host());
    }
}
