package im.stanzabus.bench.load.wire;

import im.stanzabus.bench.load.wire.StanzaScanner.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One connection to the server. What is sent leaves at once, as far as the kernel takes it. To be used by the thread
/// of its loop.
public final class Connection {
    /// A server that lets more wait has stopped reading.
    private static final int MAX_WAITING_BYTES = 16 << 20;

    private static final byte[] NOTHING = {};

    private final Loop loop;
    private final StreamHandler handler;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final StanzaScanner scanner = new StanzaScanner();
    private final ArrayDeque<ByteBuffer> waiting = new ArrayDeque<>(1);
    private long waitingBytes;
    private byte[] rest = NOTHING;
    private @Nullable TlsLayer tls;
    private boolean isSecured;
    private boolean isClosed;

    private Connection(Loop loop, StreamHandler handler, SocketChannel channel) throws IOException {
        this.loop = loop;
        this.handler = handler;
        this.channel = channel;
        key = channel.register(loop.selector(), SelectionKey.OP_CONNECT, this);
    }

    static Connection open(Loop loop, StreamHandler handler, InetSocketAddress to, @Nullable InetAddress from)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (from != null) {
                channel.bind(new InetSocketAddress(from, 0));
            }
            Connection connection = new Connection(loop, handler, channel);
            channel.connect(to);
            return connection;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// Does what the kernel is ready for.
    void proceed() {
        try {
            if (key.isValid() && key.isConnectable()) {
                channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
                handler.ready();
            }
            if (key.isValid() && key.isWritable()) {
                flush();
            }
            if (key.isValid() && key.isReadable()) {
                read();
            }
        } catch (IOException e) {
            close(reason(e));
        }
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private void read() throws IOException {
        ByteBuffer plain = loop.buffers().plain(rest);
        if (!plain.hasRemaining()) {
            throw new IOException("an element is longer than " + Buffers.LONGEST + " bytes");
        }
        boolean open = tls == null ? channel.read(plain) >= 0 : read(tls, plain);
        if (!isClosed && plain.position() > rest.length) {
            scan(plain.position());
        }
        if (!open) {
            close("the server closed the connection");
        }
    }

    private boolean read(TlsLayer layer, ByteBuffer plain) throws IOException {
        ByteBuffer network = layer.incoming();
        boolean open = channel.read(network) >= 0;
        open &= layer.decipher(network.flip(), plain);
        if (!isSecured && layer.isEstablished()) {
            isSecured = true;
            handler.ready();
        }
        return open;
    }

    private void scan(int to) {
        byte[] bytes = loop.buffers().bytes();
        int keep = scanner.scan(bytes, rest.length, to, this::received);
        rest = keep == StanzaScanner.STOPPED || keep == to ? NOTHING : Arrays.copyOfRange(bytes, keep, to);
    }

    private boolean received(Kind kind, byte[] bytes, int from, int to) {
        return switch (kind) {
            case HEADER -> true;
            case ELEMENT -> handler.element(bytes, from, to) && !isClosed;
            case END -> {
                close("the server ended the stream");
                yield false;
            }
        };
    }

    /// Whatever comes next belongs to a new stream.
    public void restart() {
        scanner.reset();
    }

    /// Begins TLS; the handler is told when it is there.
    public void startTls() {
        try {
            tls = new TlsLayer(loop.tls().engine(), loop.buffers(), this::write);
        } catch (IOException e) {
            close(reason(e));
        }
    }

    /// Whether TLS is there.
    public boolean isSecured() {
        return isSecured;
    }

    /// Protocol and cipher, or `none`.
    public String cipher() {
        return tls == null ? "none" : tls.cipher();
    }

    /// Sends text.
    public void send(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        send(bytes, bytes.length);
    }

    /// Sends the first `length` bytes; they may be overwritten afterwards.
    public void send(byte[] bytes, int length) {
        if (isClosed) {
            return;
        }
        try {
            if (tls != null) {
                tls.encipher(ByteBuffer.wrap(bytes, 0, length));
            } else {
                write(ByteBuffer.wrap(bytes, 0, length));
            }
        } catch (IOException e) {
            close(reason(e));
        }
    }

    private void write(ByteBuffer buffer) throws IOException {
        if (waiting.isEmpty()) {
            channel.write(buffer);
        }
        if (buffer.hasRemaining()) {
            waitingBytes += buffer.remaining();
            if (waitingBytes > MAX_WAITING_BYTES) {
                throw new IOException("the server does not read");
            }
            waiting.add(ByteBuffer.allocate(buffer.remaining()).put(buffer).flip());
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    private void flush() throws IOException {
        for (ByteBuffer first = waiting.peek(); first != null; first = waiting.peek()) {
            waitingBytes -= channel.write(first);
            if (first.hasRemaining()) {
                return;
            }
            waiting.remove();
        }
        key.interestOps(SelectionKey.OP_READ);
    }

    /// Closes the connection and tells the handler; does nothing the second time.
    public void close(String how) {
        if (isClosed) {
            return;
        }
        isClosed = true;
        waiting.clear();
        try {
            channel.close();
        } catch (IOException _) {
            // it is gone either way
        }
        handler.closed(how);
    }
}
