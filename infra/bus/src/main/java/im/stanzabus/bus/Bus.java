package im.stanzabus.bus;

import im.stanzabus.stanza.StanzaError;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.internal.ContextInternal;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The event bus as the services see it: typed messages, failures as {@link BusFailure}. The only class
/// that touches Vert.x's event bus. What a process serves has a name and is reached at that name there
/// ({@link Addresses#at}); a request to a name goes to an instance in this process if there is one, else
/// to one of the others in turn. One per process; safe from any thread.
public final class Bus {
    private static final Logger LOG = LoggerFactory.getLogger(Bus.class);
    private static final long REQUEST_TIMEOUT_MILLIS = 15_000;

    /// How often a request is made when the process that had it dies.
    private static final int ATTEMPTS = 3;

    /// How long a process that has taken a name back may take to answer what it was asked before. A question that
    /// comes when it has ended is dropped there.
    private static final long LAST_ANSWERS_MILLIS = 2_000;

    /// A failure that crossed the bus: the code is ours, the message is the condition and the text.
    private static final int REFUSED = 1;

    private final Vertx vertx;
    private final Membership membership;
    private final DeliveryOptions requestOptions =
            new DeliveryOptions().setSendTimeout(REQUEST_TIMEOUT_MILLIS).setCodecName(RecordCodec.NAME);
    private final DeliveryOptions sendOptions = new DeliveryOptions().setCodecName(RecordCodec.NAME);
    private final AtomicInteger turn = new AtomicInteger();
    private final Map<NodeId, Set<Asked>> asked = new ConcurrentHashMap<>();

    /// A question to another process that is not answered yet.
    private record Asked(String address, Promise<?> answer) {
        boolean lose() {
            return answer.tryFail(new MemberLost(address));
        }
    }

    public Bus(Vertx vertx, Membership membership) {
        this.vertx = vertx;
        this.membership = membership;
        vertx.eventBus().registerCodec(new BusCodec());
        membership.listen(this::changed);
    }

    public Vertx vertx() {
        return vertx;
    }

    public Membership membership() {
        return membership;
    }

    /// This process.
    public NodeId self() {
        return membership.self();
    }

    /// One way to an address, at most once: whoever sends keeps what must not be lost until it is
    /// confirmed by a message of its own.
    public void send(String address, BusMessage message) {
        try {
            vertx.eventBus().send(address, message, sendOptions);
        } catch (IllegalStateException e) {
            justEnded(address, e);
        }
    }

    /// Vert.x fails a message twice whose connection ends while it is written, and throws the second time.
    /// Whoever sends to several addresses must come to the others.
    private static void justEnded(String address, IllegalStateException failure) {
        LOG.debug("the connection to {} has just ended", address, failure);
    }

    /// One way to any instance that serves the name, at most once.
    ///
    /// @return false if there is none
    public boolean sendToAny(String name, BusMessage message) {
        String address = instance(name);
        if (address != null) {
            send(address, message);
        }
        return address != null;
    }

    /// A question to any instance that serves the name; if its process dies before it has answered, to
    /// another. So the question must be one that may be carried out twice. Fails with {@link BusFailure}
    /// only.
    public <T extends BusMessage> Future<T> request(String name, BusMessage question, Class<T> answer) {
        return request(name, question, answer, ATTEMPTS);
    }

    private <T extends BusMessage> Future<T> request(String name, BusMessage question, Class<T> answer, int attempts) {
        String address = instance(name);
        if (address == null) {
            return Future.failedFuture(new BusFailure(
                    StanzaError.of(StanzaError.Condition.RESOURCE_CONSTRAINT, "a part of the server is not running"),
                    "nobody serves " + name));
        }
        Future<T> first = requestAt(address, question, answer);
        return attempts <= 1
                ? first
                : first.recover(failure -> failure instanceof MemberLost
                        ? request(name, question, answer, attempts - 1)
                        : Future.failedFuture(failure));
    }

    /// A question to an address. Fails with {@link BusFailure} only; at once when the process dies, soon when it does
    /// not serve the address any more.
    public <T extends BusMessage> Future<T> requestAt(String address, BusMessage question, Class<T> answer) {
        NodeId node = Addresses.nodeOf(address);
        Future<T> reply = ask(address, question)
                .map(message -> BusCodec.read(answer, message.body()))
                .recover(failure -> Future.failedFuture(failure(address, failure)));
        if (node.equals(self())) {
            return reply;
        }
        // views come on threads of their own; whoever asks is answered where it asked
        Promise<T> promise = ((ContextInternal) vertx.getOrCreateContext()).promise();
        Asked pending = new Asked(address, promise);
        Set<Asked> waiting = asked.computeIfAbsent(node, _ -> ConcurrentHashMap.newKeySet());
        waiting.add(pending);
        reply.onComplete(result -> {
            waiting.remove(pending);
            if (result.succeeded()) {
                promise.tryComplete(result.result());
            } else {
                promise.tryFail(result.cause());
            }
        });
        check(pending, membership.view().member(node));
        return promise.future();
    }

    private Future<Message<Object>> ask(String address, BusMessage question) {
        try {
            return vertx.eventBus().request(address, question, requestOptions);
        } catch (IllegalStateException e) {
            justEnded(address, e);
            return Future.failedFuture(new ReplyException(ReplyFailure.NO_HANDLERS));
        }
    }

    private @Nullable String instance(String name) {
        View view = membership.view();
        Member self = view.member(self());
        if (self != null && self.names().contains(name)) {
            return Addresses.at(name, self());
        }
        List<String> instances = view.serving(name);
        return instances.isEmpty() ? null : instances.get(Math.floorMod(turn.getAndIncrement(), instances.size()));
    }

    /// Consumes one-way messages of a type at a name of this process. The handler runs on the context
    /// that calls this.
    public <T extends BusMessage> Subscription consume(String name, Class<T> type, Consumer<T> handler) {
        Subscription subscription = new Subscription(this, name);
        return subscription.start(
                vertx.eventBus().consumer(Addresses.at(name, self()), message -> take(name, type, message, handler)));
    }

    private static <T extends BusMessage> void take(
            String name, Class<T> type, Message<Object> message, Consumer<T> handler) {
        if (message.body() instanceof BusCodec.Unreadable unreadable) {
            LOG.warn("a message to {} is dropped: {}", name, unreadable.why());
        } else {
            handler.accept(type.cast(message.body()));
        }
    }

    /// Answers questions of a type at a name of this process. A failed future of {@link BusFailure}
    /// reaches the caller as it is; any other failure, and an answer that is none, is logged here and
    /// reaches the caller as `internal-server-error`.
    public <Q extends BusMessage> Subscription serve(
            String name, Class<Q> type, Function<Q, ? extends Future<? extends BusMessage>> handler) {
        Subscription subscription = new Subscription(this, name);
        MessageConsumer<Object> consumer = vertx.eventBus()
                .consumer(
                        Addresses.at(name, self()),
                        message -> answer(
                                subscription, name, message, () -> handler.apply(BusCodec.read(type, message.body()))));
        return subscription.start(consumer);
    }

    private void answer(
            Subscription subscription,
            String name,
            Message<Object> message,
            java.util.function.Supplier<? extends Future<? extends BusMessage>> handler) {
        subscription.begin();
        Future<? extends BusMessage> answer;
        try {
            answer = Objects.requireNonNull(handler.get(), "no future");
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            answer = Future.failedFuture(e); // also what the jar of a service lacks at run time
        }
        answer.onComplete(given -> {
            try {
                reply(name, message, given);
            } catch (IllegalStateException e) {
                justEnded(name, e);
            } finally {
                subscription.end();
            }
        });
    }

    private void reply(String name, Message<Object> message, AsyncResult<? extends BusMessage> answer) {
        if (answer.failed()) {
            message.fail(REFUSED, describe(name, answer.cause()));
            return;
        }
        try {
            message.reply(Objects.requireNonNull(answer.result(), "no answer"), sendOptions);
        } catch (NullPointerException | IllegalArgumentException e) {
            message.fail(REFUSED, describe(name, e)); // none, or one that does not travel on the bus
        }
    }

    private void changed(View view) {
        for (Iterator<Map.Entry<NodeId, Set<Asked>>> all = asked.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<NodeId, Set<Asked>> entry = all.next();
            Member member = view.member(entry.getKey());
            if (member == null) {
                all.remove();
            }
            entry.getValue().forEach(question -> check(question, member));
        }
    }

    private void check(Asked question, @Nullable Member member) {
        if (member == null) {
            question.lose();
        } else if (!member.names().contains(Addresses.nameOf(question.address()))) {
            vertx.timer(LAST_ANSWERS_MILLIS, TimeUnit.MILLISECONDS).onComplete(_ -> question.lose());
        }
    }

    private static String describe(String name, Throwable failure) {
        if (!(failure instanceof BusFailure)) {
            LOG.error("request at {} failed", name, failure);
        }
        StanzaError error = BusFailure.toStanzaError(failure);
        return error.condition().name() + (error.text() == null ? "" : ' ' + error.text());
    }

    private static BusFailure failure(String address, Throwable failure) {
        if (failure instanceof ReplyException reply) {
            return switch (reply.failureType()) {
                case RECIPIENT_FAILURE ->
                    new BusFailure(parse(String.valueOf(reply.getMessage())), address + ": " + reply.getMessage());
                case NO_HANDLERS -> new MemberLost(address);
                default ->
                    new BusFailure(
                            StanzaError.of(
                                    StanzaError.Condition.RESOURCE_CONSTRAINT, "a part of the server is too slow"),
                            address + " did not answer: " + reply.failureType());
            };
        }
        return new BusFailure(StanzaError.of(StanzaError.Condition.INTERNAL_SERVER_ERROR), address + ": " + failure);
    }

    private static StanzaError parse(String message) {
        int space = message.indexOf(' ');
        String name = space < 0 ? message : message.substring(0, space);
        for (StanzaError.Condition condition : StanzaError.Condition.values()) {
            if (condition.name().equals(name)) {
                return space < 0 ? StanzaError.of(condition) : StanzaError.of(condition, message.substring(space + 1));
            }
        }
        return StanzaError.of(StanzaError.Condition.INTERNAL_SERVER_ERROR);
    }
}
