package im.stanzabus.stream;

import im.stanzabus.stanza.StreamError;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stream.tls.TlsHandlers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// One end of a connection, which keeps what it hears. To be used by any thread but that of its
/// context.
final class TestEnd implements StreamInput.Owner, StreamOutput.Owner {
    /// What is heard besides {@link StreamEvent} and {@link StreamError}.
    sealed interface News {
        record Sent(long delivery) implements News {}

        record Secured() implements News {}

        record NotSecured(Throwable cause) implements News {}

        record Gone() implements News {}
    }

    final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    final AtomicInteger flushes = new AtomicInteger();
    final AtomicInteger bytes = new AtomicInteger();
    final StreamSocket socket;
    final StreamInput in;
    final StreamOutput out;
    private final Context context = Objects.requireNonNull(Vertx.currentContext());

    /// On the connection's context.
    TestEnd(NetSocket netSocket, String contentNamespace, StreamInput.Limits limits) {
        socket = new StreamSocket(netSocket, context);
        in = new StreamInput(this, socket, new StreamClock(context), contentNamespace, limits);
        out = new StreamOutput(this, socket, new OutputFlusher(context, flushes::addAndGet));
        socket.handlers(in::received, () -> heard.add(new News.Gone()));
    }

    /// Does something on the connection's context, and waits until it is done.
    void run(Consumer<TestEnd> task) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        context.runOnContext(_ -> {
            try {
                task.accept(this);
                done.complete(null);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        done.get(10, TimeUnit.SECONDS);
    }

    void send(String ascii) throws Exception {
        run(end -> end.out.raw(ascii));
    }

    void startTls(TlsHandlers side) throws Exception {
        run(end -> end.secured(end.socket.startTls(side)));
    }

    void secured(Future<Void> handshake) {
        in.hold(StreamInput.HANDSHAKE);
        handshake.onComplete(
                _ -> {
                    heard.add(new News.Secured());
                    in.release(StreamInput.HANDSHAKE);
                },
                failure -> heard.add(new News.NotSecured(failure)));
    }

    /// The next thing that is heard of that kind; others before it are forgotten.
    <T> T next(Class<T> kind) throws InterruptedException {
        List<Object> others = new ArrayList<>();
        while (true) {
            Object news = heard.poll(10, TimeUnit.SECONDS);
            if (news == null) {
                throw new AssertionError("no " + kind.getSimpleName() + ", but " + others);
            }
            if (kind.isInstance(news)) {
                return kind.cast(news);
            }
            others.add(news);
        }
    }

    @Override
    public void read(int count) {
        bytes.addAndGet(count);
    }

    @Override
    public void received(StreamEvent event) {
        heard.add(event);
    }

    @Override
    public void fail(StreamError error) {
        in.end();
        heard.add(error);
    }

    @Override
    public void failed(RuntimeException mistake) {
        heard.add(mistake);
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void sent(long delivery) {
        heard.add(new News.Sent(delivery));
    }
}
