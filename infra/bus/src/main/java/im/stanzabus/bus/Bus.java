package im.stanzabus.bus;

import im.stanzabus.stanza.StanzaError;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The event bus as the services see it: typed messages, failures as {@link BusFailure}. The only class that touches
/// Vert.x's event bus. One per process; safe from any thread.
public final class Bus {
    private static final Logger LOG = LoggerFactory.getLogger(Bus.class);
    private static final long REQUEST_TIMEOUT_MILLIS = 15_000;

    private final Vertx vertx;
    private final DeliveryOptions requestOptions =
            new DeliveryOptions().setSendTimeout(REQUEST_TIMEOUT_MILLIS).setCodecName(RecordCodec.NAME);
    private final DeliveryOptions sendOptions = new DeliveryOptions().setCodecName(RecordCodec.NAME);

    /// A failure that crossed the bus: the code is ours, the message is the condition and the text.
    private static final int REFUSED = 1;

    public Bus(Vertx vertx) {
        this.vertx = vertx;
        vertx.eventBus().registerCodec(new RecordCodec());
    }

    public Vertx vertx() {
        return vertx;
    }

    /// One way, at most once: whoever sends keeps what must not be lost until it is confirmed by a message of its own.
    public void send(String address, BusMessage message) {
        vertx.eventBus().send(address, message, sendOptions);
    }

    /// A question to any one consumer of the address. Fails with {@link BusFailure} only.
    public <T extends BusMessage> Future<T> request(String address, BusMessage question, Class<T> answer) {
        return vertx.eventBus()
                .<Object>request(address, question, requestOptions)
                .map(reply -> answer.cast(reply.body()))
                .recover(failure -> Future.failedFuture(failure(address, failure)));
    }

    /// Consumes one-way messages of a type. The handler runs on the context that calls this.
    public <T extends BusMessage> MessageConsumer<Object> consume(String address, Class<T> type, Consumer<T> handler) {
        return vertx.eventBus().consumer(address, message -> handler.accept(type.cast(message.body())));
    }

    /// Answers questions of a type. A failed future of {@link BusFailure} reaches the caller as it is; any other
    /// failure is
    /// logged here and reaches the caller as `internal-server-error`.
    public <Q extends BusMessage> MessageConsumer<Object> serve(
            String address, Class<Q> type, Function<Q, ? extends Future<? extends BusMessage>> handler) {
        return vertx.eventBus().consumer(address, message -> {
            Future<? extends BusMessage> answer;
            try {
                answer = handler.apply(type.cast(message.body()));
            } catch (RuntimeException e) {
                answer = Future.failedFuture(e);
            }
            answer.onComplete(
                    value -> message.reply(value, sendOptions),
                    failure -> message.fail(REFUSED, describe(address, failure)));
        });
    }

    private static String describe(String address, Throwable failure) {
        if (!(failure instanceof BusFailure)) {
            LOG.error("request at {} failed", address, failure);
        }
        StanzaError error = BusFailure.toStanzaError(failure);
        return error.condition().name() + (error.text() == null ? "" : ' ' + error.text());
    }

    private static BusFailure failure(String address, Throwable failure) {
        if (failure instanceof ReplyException reply) {
            return switch (reply.failureType()) {
                case RECIPIENT_FAILURE ->
                    new BusFailure(parse(String.valueOf(reply.getMessage())), address + ": " + reply.getMessage());
                case NO_HANDLERS ->
                    new BusFailure(
                            StanzaError.of(
                                    StanzaError.Condition.RESOURCE_CONSTRAINT, "a part of the server is not running"),
                            "nobody serves " + address);
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
