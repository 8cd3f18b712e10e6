package im.stanzabus.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// One socket with XML streams over it. A thread of its own reads what comes and keeps it in order; whoever wants it
/// waits for it with a deadline. To be used by one test thread.
public final class Connection implements AutoCloseable {
    /// How long a client waits for what must come.
    public static final Duration PATIENCE = Duration.ofSeconds(Long.getLong("stanzabus.testkit.patience", 6));

    /// Something that came over the stream.
    public sealed interface Event {
        /// The server's stream header.
        record Header(Xml stream) implements Event {}

        /// A top-level element.
        record Element(Xml xml) implements Event {}

        /// `</stream:stream>`.
        record StreamClosed() implements Event {}

        /// No more bytes will come; the reason says whether that was in good order.
        record Disconnected(String reason) implements Event {}
    }

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Gate gate = new Gate();
    private final String host;
    private final Socket transport;
    private Socket socket;
    private InputStream in;
    private OutputStream out;

    private Connection(Socket socket, String host) throws IOException {
        this.socket = socket;
        transport = socket;
        this.host = host;
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /// Connects without TLS.
    ///
    /// @param host the domain that TLS will name later
    public static Connection plain(InetSocketAddress address, String host) {
        try {
            Socket socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.connect(address, (int) PATIENCE.toMillis());
            return new Connection(socket, host);
        } catch (IOException e) {
            throw new AssertionError("cannot connect to " + address + ": " + e, e);
        }
    }

    /// Connects with TLS from the first byte (XEP-0368).
    public static Connection tls(InetSocketAddress address, String host, TlsClient tls) {
        Connection connection = plain(address, host);
        connection.secure(tls);
        return connection;
    }

    /// Negotiates TLS on the connection.
    public void secure(TlsClient tls) {
        try {
            SSLSocket secured = tls.over(socket, host);
            socket = secured;
            in = secured.getInputStream();
            out = secured.getOutputStream();
        } catch (IOException e) {
            throw new AssertionError("TLS failed: " + e, e);
        }
    }

    /// The TLS socket.
    ///
    /// @throws IllegalStateException if there is no TLS
    public SSLSocket tls() {
        if (socket instanceof SSLSocket secured) {
            return secured;
        }
        throw new IllegalStateException("no TLS");
    }

    public boolean isSecure() {
        return socket instanceof SSLSocket;
    }

    /// The socket itself, for those who want to use it badly.
    public Socket socket() {
        return socket;
    }

    /// Sends bytes as they are.
    ///
    /// @throws IOException if the connection is gone
    public void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /// Sends text as it is. That the connection is gone shows when something is received.
    public void send(String text) {
        try {
            write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            events.add(new Event.Disconnected("cannot write: " + e.getMessage()));
        }
    }

    /// Sends a stream header and reads the stream that the server answers with.
    public void openStream(String header) {
        send(header);
        readStream();
    }

    /// Starts to read a stream from its header on.
    public void readStream() {
        InputStream source = gate.before(in);
        Thread.ofVirtual().name("testkit-stream").start(new StreamReading(source, events));
    }

    /// Takes no more bytes from the socket, save those that somebody waits for already.
    public void pauseReading() {
        gate.close();
    }

    /// Goes on after {@link #pauseReading}.
    public void resumeReading() {
        gate.open();
    }

    /// The next event, or null if there is none in time.
    public @Nullable Event poll(Duration limit) {
        try {
            return events.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /// The next event.
    ///
    /// @throws AssertionError if there is none in time
    public Event next() {
        Event event = poll(PATIENCE);
        if (event == null) {
            throw new AssertionError("nothing came within " + PATIENCE.toSeconds() + " s");
        }
        return event;
    }

    /// The next event, which must be an element.
    public Xml element() {
        Event event = next();
        if (event instanceof Event.Element element) {
            return element.xml();
        }
        throw new AssertionError("expected an element, but there was " + event);
    }

    /// The next event, which must be a stream header.
    public Xml header() {
        Event event = next();
        if (event instanceof Event.Header header) {
            return header.stream();
        }
        throw new AssertionError("expected a stream header, but there was " + event);
    }

    /// Everything until the connection is gone. Events are kept apart by commas in the message of a failure.
    public List<Event> rest() {
        List<Event> rest = new ArrayList<>();
        do {
            rest.add(next());
        } while (!(rest.getLast() instanceof Event.Disconnected));
        return rest;
    }

    /// Drops the connection without a word, not even of TLS, as a killed client would.
    public void drop() {
        try {
            transport.setSoLinger(true, 0);
            transport.close();
        } catch (IOException e) {
            // It is closed already, which is all that is wanted.
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // A broken connection is as good as a closed one.
        }
    }
}
