package im.stanzabus.stream;

import im.stanzabus.stream.tls.TlsHandlers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// The bytes under a stream. The only class that knows Netty: Vert.x accepts or opens the
/// connection and gives it an event loop, then its socket is taken off the channel (and its
/// metrics do not see the end; we have our own), because
///
/// - it keeps five kilobytes for every connection, most of them a queue for writers on other
///   threads;
/// - pausing must stop the reading itself, so that nothing waits between the socket and the
///   parser and bytes sent in plain text can never turn up as if they had come over TLS;
/// - TLS must be put under the stream at once, which Vert.x does not do for servers that
///   verticles share;
/// - output must be closed while input is still read, so that an error reaches a peer that goes
///   on sending.
///
/// Confined to its event loop.
public final class StreamSocket {
    private final Channel channel;
    private final ContextInternal context;
    private final String address;
    private @Nullable SslHandler tls;

    /// A connection that was just accepted or opened, before anything is read from it.
    ///
    /// @param context that of the event loop which the connection was given
    public StreamSocket(NetSocket socket, Context context) {
        SocketAddress remote = socket.remoteAddress();
        this.channel = ((NetSocketInternal) socket).channelHandlerContext().channel();
        this.context = (ContextInternal) context;
        this.address = remote == null ? "unknown" : String.valueOf(remote.hostAddress());
    }

    /// Takes the connection over.
    ///
    /// @param closed called once, when the connection is gone, even if that is so already
    public void handlers(Consumer<byte[]> bytes, Runnable closed) {
        if (channel.isActive()) {
            channel.pipeline().replace("handler", "stream", new Reader(bytes, closed));
        } else {
            context.runOnContext(_ -> closed.run());
        }
    }

    /// The peer's IP address; `unknown` if it was gone at once.
    public String address() {
        return address;
    }

    /// Whether bytes are taken from the operating system; at first they are.
    public void reading(boolean on) {
        channel.config().setAutoRead(on);
    }

    /// Writes and flushes.
    ///
    /// @param taken called when the operating system has taken the bytes
    @SuppressWarnings("FutureReturnValueIgnored") // a failure ends the connection, which is told elsewhere
    public void write(byte[] bytes, Runnable taken) {
        channel.writeAndFlush(Unpooled.wrappedBuffer(bytes)).addListener(write -> {
            if (write.isSuccess()) {
                context.emit(_ -> taken.run());
            }
        });
    }

    /// How many bytes that were written the operating system has not taken, about.
    public long pending() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes() - buffer.currentProgress();
    }

    /// Goes on with TLS: at the start of a connection, and where we are the client also after the
    /// server has let us (RFC 6120 section 5.4.2.3). All that was to be written in plain text
    /// must have been given to {@link #write}. Completes after the handshake.
    public Future<Void> startTls(TlsHandlers side) {
        if (!channel.isActive()) {
            // nobody would take the engine's memory away again
            return Future.failedFuture("the connection is gone");
        }
        SslHandler handler = side.handler(channel.alloc());
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

    /// Writes the bytes in plain text, the last that are, and goes on with TLS as the server.
    /// Completes after the handshake.
    ///
    /// @param side lets the first write pass as it is
    public Future<Void> upgradeToTls(TlsHandlers side, byte[] proceed) {
        Future<Void> handshake = startTls(side);
        write(proceed, () -> {});
        return handshake;
    }

    /// The TLS session; null without TLS.
    public @Nullable SSLSession tlsSession() {
        return tls == null ? null : tls.engine().getSession();
    }

    /// Says that nothing more will be written. To be called when everything is.
    @SuppressWarnings("FutureReturnValueIgnored") // the end of the connection is told elsewhere
    public void closeOutput() {
        if (tls != null) {
            tls.closeOutbound();
        } else if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
    }

    /// Ends the connection, without waiting for a peer that does not read.
    @SuppressWarnings("FutureReturnValueIgnored") // the end of the connection is told elsewhere
    public void close() {
        channel.close();
    }

    /// The last handler of the channel.
    private final class Reader extends ChannelInboundHandlerAdapter {
        private final Consumer<byte[]> bytes;
        private final Runnable closed;

        private Reader(Consumer<byte[]> bytes, Runnable closed) {
            this.bytes = bytes;
            this.closed = closed;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            try {
                if (message instanceof ByteBuf buffer) {
                    byte[] read = new byte[buffer.readableBytes()];
                    buffer.readBytes(read);
                    context.emit(read, bytes::accept);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslCloseCompletionEvent) {
                close();
            }
            ReferenceCountUtil.release(event);
        }

        /// What a peer does to its connection is no news; nothing can be read on it any more.
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            context.emit(_ -> closed.run());
        }
    }
}
