package im.stanzabus.bus.delivery;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.Route;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.ServiceDescriptor.ServedDomain;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.Subscription;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.stanza.XmlEscape;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers the stanzas of a domain of its own. A stanza is acknowledged to its sender when the
/// answers to it have been taken over; until then it comes again if this process dies, to another
/// instance if there is one. What a domain must answer anyway is answered here: disco#info
/// (XEP-0030), pings (XEP-0199), and `service-unavailable` to requests that the service does not
/// answer (RFC 6120 section 8.2.3). The handler is called on the context that started the service;
/// {@link #send} is safe from any thread.
public final class StanzaService {
    private static final Logger LOG = LoggerFactory.getLogger(StanzaService.class);
    private static final long SWEEP_MILLIS = 1_000;
    private static final int MOST_ANSWERS = 1_000;
    private static final int MOST_UNDER_WAY = 10_000;

    /// Sets the stream of the answers apart from that of the questions.
    private static final long ANSWERS = -1;

    /// How long a handler may take with a stanza.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final StanzaError UNAVAILABLE = StanzaError.of(Condition.SERVICE_UNAVAILABLE);
    private static final StanzaError TOO_LATE = StanzaError.of(Condition.REMOTE_SERVER_TIMEOUT);

    /// How a service answers.
    public interface Handler {
        /// The stanzas that are sent for one that came, with `from` and `to`; none if it is to have
        /// no answer. They are from an address of the domain, or of the one that was written to where
        /// a route leads here from another. What came may come twice after a process died. Requests
        /// that stay without answer are refused. Whoever sent a message or a request hears of a
        /// failure: what a {@link BusFailure} says, else `internal-server-error`; and
        /// `remote-server-timeout` after 30 s without an answer, which then is not sent any more.
        Future<List<Stanza>> handle(Stanza stanza);
    }

    private final Router router;
    private final Context context;
    private final ServedDomain domain;
    private final StandardAnswers standards;
    private final Handler handler;
    private final Duration patience;
    private final Outgoing<StanzaService> outgoing;
    private final Intake intake;
    private final List<Runnable> ends = new ArrayList<>();
    private final Origin own = new Origin(ThreadLocalRandom.current().nextLong(), 0);
    private @Nullable Subscription stanzas;
    private long lastNumber;

    private StanzaService(
            Bus bus,
            Router router,
            Context context,
            ServedDomain domain,
            List<String> features,
            Handler handler,
            Duration patience) {
        this.router = router;
        this.context = context;
        this.domain = domain;
        standards = new StandardAnswers(domain, List.copyOf(features));
        this.handler = handler;
        this.patience = patience;
        outgoing = new Outgoing<>(bus, context, Addresses.at(Addresses.domain(domain.domain()), bus.self()));
        intake = new Intake(outgoing::accept);
    }

    /// Serves a domain; completes when stanzas arrive. The service's descriptor is to be announced
    /// after that.
    ///
    /// @param features that disco#info is to have beside those of this class
    public static Future<StanzaService> start(
            Bus bus, Router router, SlotTable slots, ServedDomain domain, List<String> features, Handler handler) {
        return start(bus, router, slots, domain, features, handler, PATIENCE);
    }

    /// @param patience how long the handler may take with a stanza
    static Future<StanzaService> start(
            Bus bus,
            Router router,
            SlotTable slots,
            ServedDomain domain,
            List<String> features,
            Handler handler,
            Duration patience) {
        Context context = bus.vertx().getOrCreateContext();
        StanzaService service = new StanzaService(bus, router, context, domain, features, handler, patience);
        Outgoing<StanzaService> outgoing = service.outgoing;
        service.ends.add(slots.listen(claim -> context.runOnContext(_ -> outgoing.claimed(claim))));
        service.ends.add(bus.membership().listen(view -> context.runOnContext(_ -> outgoing.viewed(view))));
        long sweeps = bus.vertx().setPeriodic(SWEEP_MILLIS, _ -> outgoing.sweep());
        service.ends.add(() -> bus.vertx().cancelTimer(sweeps));
        Subscription stanzas =
                bus.consume(Addresses.domain(domain.domain()), SessionEvent.Batch.class, service::receive);
        service.stanzas = stanzas;
        return stanzas.completion().map(service);
    }

    private void receive(SessionEvent.Batch batch) {
        for (SessionEvent event : batch.events()) {
            switch (event) {
                case SessionEvent.Accepted accepted -> outgoing.accepted(accepted);
                case SessionEvent.Inbound inbound -> intake.take(inbound, this::take);
                default -> LOG.warn("{} is not for a service", event.getClass().getSimpleName());
            }
        }
    }

    /// Whatever becomes of a stanza, its sender hears of it: until then it is kept, and what follows it
    /// waits.
    private void take(Intake.Taken taken) {
        Future<List<Stanza>> answers = answers(taken.stanza());
        answers.timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .onComplete(
                        stanzas -> context.runOnContext(_ -> answer(taken, stanzas)),
                        failure -> context.runOnContext(_ -> failed(taken, answers.isComplete() ? failure : null)));
    }

    /// A fault of the handler's is a failure, also what its jar lacks at run time: other stanzas of the
    /// same turn must not be lost with this one.
    private Future<List<Stanza>> answers(Stanza stanza) {
        try {
            Stanza standard = standards.to(stanza);
            return standard != null
                    ? Future.succeededFuture(List.of(standard))
                    : Objects.requireNonNull(handler.handle(stanza), "no future")
                            .map(answers -> checked(stanza, answers));
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            return Future.failedFuture(e);
        }
    }

    private List<Stanza> checked(Stanza stanza, List<Stanza> answers) {
        if (answers.isEmpty()) {
            return refusal(stanza, UNAVAILABLE);
        }
        if (answers.size() > MOST_ANSWERS) {
            LOG.warn(
                    "{} has {} answers to a stanza of {}; the first {} are sent",
                    domain.domain(),
                    answers.size(),
                    stanza.from(),
                    MOST_ANSWERS);
        }
        List<Stanza> sent = List.copyOf(answers.subList(0, Math.min(answers.size(), MOST_ANSWERS)));
        for (Stanza answer : sent) {
            String fault = fault(answer, stanza.to());
            if (fault != null) {
                throw new IllegalArgumentException(fault);
            }
        }
        return sent;
    }

    /// @param failure null if there is no answer yet
    private void failed(Intake.Taken taken, @Nullable Throwable failure) {
        Stanza stanza = taken.stanza();
        if (failure == null) {
            LOG.warn("{} has not answered a stanza of {} within {}", domain.domain(), stanza.from(), patience);
        } else if (!(failure instanceof BusFailure)) {
            LOG.error("{} has failed with a stanza of {}", domain.domain(), stanza.from(), failure);
        }
        boolean told = !stanza.isError() && stanza.type() != StanzaType.RESULT && !stanza.isPresence();
        StanzaError error = failure == null ? TOO_LATE : BusFailure.toStanzaError(failure);
        answer(taken, told ? List.of(stanza.error(error)) : List.of());
    }

    private static List<Stanza> refusal(Stanza stanza, StanzaError error) {
        return stanza.isRequest() ? List.of(stanza.error(error)) : List.of();
    }

    /// What came is done when all the answers to it are taken over.
    private void answer(Intake.Taken taken, List<Stanza> answers) {
        Origin cause = taken.isTracked() ? taken.origin() : null;
        List<Future<Void>> sent = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            Stanza answer = answers.get(i);
            // the same for every instance that answers this stanza, so that its receiver knows it again
            Origin origin =
                    cause == null ? null : new Origin(cause.apart(ANSWERS).stream(), cause.number() * MOST_ANSWERS + i);
            sent.add(post(answer, origin, taken.retry())
                    .onFailure(failure -> LOG.warn(
                            "an answer of {} to {} is lost: {}", answer.from(), answer.to(), failure.getMessage())));
        }
        Future.join(sent).onComplete(_ -> taken.done());
    }

    /// Sends a stanza that answers none. Completes when its receiver has taken it over; fails if
    /// nobody serves the receiver, or too much is on its way.
    public Future<Void> send(Stanza stanza) {
        String fault = fault(stanza, null);
        if (fault != null) {
            LOG.error("{}", fault);
            return Future.failedFuture(new BusFailure(UNAVAILABLE, fault));
        }
        Promise<Void> promise = Promise.promise();
        context.runOnContext(_ -> {
            if (outgoing.size() >= MOST_UNDER_WAY) {
                promise.fail(new BusFailure(StanzaError.of(Condition.RESOURCE_CONSTRAINT), "too much is on its way"));
            } else {
                post(stanza, new Origin(own.stream(), ++lastNumber), false).onComplete(promise);
            }
        });
        return promise.future();
    }

    private Future<Void> post(Stanza stanza, @Nullable Origin origin, boolean retry) {
        Jid from = Objects.requireNonNull(stanza.from());
        Route route = router.route(Objects.requireNonNull(stanza.to()));
        Promise<Void> promise = Promise.promise();
        boolean reached = origin == null
                ? outgoing.send(route, stanza, null)
                : outgoing.send(route, new Parcel<>(stanza, origin, from, this, new Told(promise)), retry);
        if (!reached) {
            promise.fail(unreachable());
        } else if (origin == null) {
            promise.complete();
        }
        return promise.future();
    }

    /// Why a stanza may not be sent; null if it may. Without its content, which is not for logs.
    ///
    /// @param asked whom the stanza was for that is answered; null if it answers none
    private @Nullable String fault(Stanza stanza, @Nullable Jid asked) {
        Jid from = stanza.from();
        boolean own = from != null
                && (from.domain().equals(domain.domain())
                        || (asked != null && from.domain().equals(asked.domain())));
        if (own && stanza.to() != null) {
            return isXml(stanza.id()) && isXml(stanza.lang()) ? null : "an id or a language that XML cannot carry";
        }
        return "not a stanza of " + domain.domain() + ": " + stanza.kind().wire() + " from " + from + " to "
                + stanza.to();
    }

    private static boolean isXml(@Nullable String text) {
        try {
            if (text != null) {
                text.chars().forEach(c -> XmlEscape.inValue((char) c));
            }
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static BusFailure unreachable() {
        return new BusFailure(StanzaError.of(Condition.REMOTE_SERVER_NOT_FOUND), "nobody serves the receiver");
    }

    private record Told(Promise<Void> promise) implements Parcel.Waiting {
        @Override
        public void accepted() {
            promise.tryComplete();
        }

        @Override
        public void unreachable() {
            promise.tryFail(StanzaService.unreachable());
        }

        @Override
        public void replaced() {
            promise.tryComplete(); // whoever sends it anew waits for it
        }
    }

    /// Ends the service: what was taken and is not answered is sent again, to another instance if
    /// there is one.
    public Future<Void> stop() {
        Subscription ending = stanzas;
        return (ending == null ? Future.<Void>succeededFuture() : ending.unregister()).onComplete(_ -> {
            outgoing.flush();
            ends.forEach(Runnable::run);
        });
    }
}
