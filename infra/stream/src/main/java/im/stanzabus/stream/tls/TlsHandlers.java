package im.stanzabus.stream.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;

/// One side of TLS, of which each connection gets a handler of its own.
@FunctionalInterface
public interface TlsHandlers {
    /// Makes the handler of one connection.
    SslHandler handler(ByteBufAllocator allocator);
}
