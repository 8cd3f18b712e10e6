package im.stanzabus.c2s;

import im.stanzabus.c2s.tls.TlsContexts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// The bytes under a stream. The only class that knows Netty, which is used below Vert.x for three things:
///
/// - Pausing stops the reading itself, so that nothing waits in a queue between the socket and the parser,
///   and bytes sent in plain text can never turn up as if they had come over TLS.
/// - TLS is put under the stream at once, on an upgrade as at the start.
/// - Output can be closed while input is still read, so that an error reaches a client that goes on sending.
///
/// Confined to its event loop.
final class ClientSocket {
    private final NetSocketInternal socket;
    private final Channel channel;
    private final Context context;
    private @Nullable SslHandler tls;

    ClientSocket(NetSocket socket, Context context) {
        this.socket = (NetSocketInternal) socket;
        this.channel = this.socket.channelHandlerContext().channel();
        this.context = context;
    }

    void handlers(Consumer<byte[]> bytes, Runnable closed) {
        socket.messageHandler(message -> {
            try {
                if (message instanceof ByteBuf buffer) {
                    byte[] read = new byte[buffer.readableBytes()];
                    buffer.readBytes(read);
                    bytes.accept(read);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        });
        socket.eventHandler(event -> {
            try {
                if (event instanceof SslCloseCompletionEvent) {
                    close();
                }
            } finally {
                ReferenceCountUtil.release(event);
            }
        });
        // what a peer does to its connection is no news: the close handler follows
        socket.exceptionHandler(_ -> {});
        socket.closeHandler(_ -> closed.run());
    }

    /// The client's IP address; `unknown` if it is gone already.
    String address() {
        SocketAddress remote = socket.remoteAddress();
        return remote == null ? "unknown" : String.valueOf(remote.hostAddress());
    }

    void reading(boolean on) {
        channel.config().setAutoRead(on);
    }

    /// Completes when the operating system has taken the bytes.
    Future<Void> write(byte[] bytes) {
        return socket.writeMessage(Unpooled.wrappedBuffer(bytes));
    }

    /// Begins with TLS. Completes after the handshake.
    Future<Void> startTls(TlsContexts contexts) {
        return install(contexts.direct(channel.alloc()));
    }

    /// Writes the bytes in plain text, the last that are, and goes on with TLS. Completes after the handshake.
    Future<Void> upgradeToTls(TlsContexts contexts, byte[] proceed) {
        Future<Void> handshake = install(contexts.upgrade(channel.alloc()));
        return write(proceed).compose(_ -> handshake);
    }

    private Future<Void> install(SslHandler handler) {
        tls = handler;
        Promise<Void> promise = Promise.promise();
        handler.handshakeFuture()
                .addListener(handshake -> context.runOnContext(_ -> {
                    if (handshake.isSuccess()) {
                        promise.complete();
                    } else {
                        promise.fail(handshake.cause());
                    }
                }));
        channel.pipeline().addFirst("ssl", handler);
        return promise.future();
    }

    /// The TLS session; null without TLS.
    @Nullable
    SSLSession tlsSession() {
        return tls == null ? null : tls.engine().getSession();
    }

    /// Says that nothing more will be written. To be called when everything is.
    @SuppressWarnings("FutureReturnValueIgnored") // the close handler follows in any case
    void closeOutput() {
        if (tls != null) {
            tls.closeOutbound();
        } else if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
    }

    /// Ends the connection, without waiting for a client that does not read.
    @SuppressWarnings("FutureReturnValueIgnored") // the close handler follows in any case
    void close() {
        socket.channelHandlerContext().close();
    }
}
