package im.stanzabus.bench.load.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLSession;

/// TLS of one connection. To be used by one thread.
final class TlsLayer {
    private static final byte[] NOTHING = {};

    private final SSLEngine engine;
    private final Buffers buffers;
    private final Output output;
    private byte[] rest = NOTHING;

    /// Where records go.
    interface Output {
        void write(ByteBuffer record) throws IOException;
    }

    /// Begins the handshake.
    TlsLayer(SSLEngine engine, Buffers buffers, Output output) throws IOException {
        this.engine = engine;
        this.buffers = buffers;
        this.output = output;
        engine.beginHandshake();
        proceed();
    }

    boolean isEstablished() {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    /// Such as `TLSv1.3 TLS_AES_256_GCM_SHA384`.
    String cipher() {
        SSLSession session = engine.getSession();
        return session.getProtocol() + " " + session.getCipherSuite();
    }

    /// Room for bytes of the network, which begins with the record that was not complete.
    ByteBuffer incoming() {
        return buffers.network(rest);
    }

    /// Deciphers what has come.
    ///
    /// @return false if the server has ended TLS
    boolean decipher(ByteBuffer network, ByteBuffer plain) throws IOException {
        boolean more = true;
        while (more) {
            Status status = engine.unwrap(network, plain).getStatus();
            if (status == Status.CLOSED) {
                return false;
            }
            if (status == Status.BUFFER_OVERFLOW) {
                throw new IOException("an element is longer than " + Buffers.LONGEST + " bytes");
            }
            proceed();
            more = status == Status.OK && network.hasRemaining();
        }
        rest = network.hasRemaining() ? bytes(network) : NOTHING;
        return true;
    }

    /// Enciphers and writes everything.
    void encipher(ByteBuffer plain) throws IOException {
        while (plain.hasRemaining()) {
            wrap(plain);
        }
    }

    private void wrap(ByteBuffer plain) throws IOException {
        ByteBuffer outgoing = buffers.outgoing();
        if (engine.wrap(plain, outgoing).getStatus() == Status.CLOSED) {
            throw new IOException("TLS has ended");
        }
        output.write(outgoing.flip());
    }

    /// Does all of the handshake that needs nothing of the server.
    private void proceed() throws IOException {
        HandshakeStatus status = engine.getHandshakeStatus();
        while (status == HandshakeStatus.NEED_TASK || status == HandshakeStatus.NEED_WRAP) {
            if (status == HandshakeStatus.NEED_WRAP) {
                wrap(ByteBuffer.wrap(NOTHING));
            } else {
                for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                    task.run();
                }
            }
            status = engine.getHandshakeStatus();
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
