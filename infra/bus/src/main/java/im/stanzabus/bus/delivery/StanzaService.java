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
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
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

    private static final StanzaError UNAVAILABLE = StanzaError.of(Condition.SERVICE_UNAVAILABLE);

    /// How a service answers.
    public interface Handler {
        /// The stanzas that are sent for one that came, with `from` and `to`; none if it is to have
        /// no answer. They are from an address of the domain, or of the one that was written to where
        /// a route leads here from another. What came may come twice after a process died. Requests
        /// that stay without answer are refused. A failure is told to whoever sent the stanza.
        Future<List<Stanza>> handle(Stanza stanza);
    }

    private final Router router;
    private final Context context;
    private final ServedDomain domain;
    private final List<String> features;
    private final Handler handler;
    private final Outgoing<StanzaService> outgoing;
    private final Intake intake;
    private final List<Runnable> ends = new ArrayList<>();
    private final Origin own = new Origin(ThreadLocalRandom.current().nextLong(), 0);
    private @Nullable Subscription stanzas;
    private long lastNumber;

    private StanzaService(
            Bus bus, Router router, Context context, ServedDomain domain, List<String> features, Handler handler) {
        this.router = router;
        this.context = context;
        this.domain = domain;
        this.features = List.copyOf(features);
        this.handler = handler;
        outgoing = new Outgoing<>(bus, context, Addresses.at(Addresses.domain(domain.domain()), bus.self()));
        intake = new Intake(outgoing::accept);
    }

    /// Serves a domain; completes when stanzas arrive. The service's descriptor is to be announced
    /// after that.
    ///
    /// @param features that disco#info is to have beside those of this class
    public static Future<StanzaService> start(
            Bus bus, Router router, SlotTable slots, ServedDomain domain, List<String> features, Handler handler) {
        Context context = bus.vertx().getOrCreateContext();
        StanzaService service = new StanzaService(bus, router, context, domain, features, handler);
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

    private void take(Intake.Taken taken) {
        Stanza stanza = taken.stanza();
        Stanza standard = standardAnswer(stanza);
        if (standard != null) {
            answer(taken, List.of(standard));
            return;
        }
        Future<List<Stanza>> answers;
        try {
            answers = handler.handle(stanza);
        } catch (RuntimeException e) {
            answers = Future.failedFuture(e);
        }
        answers.onComplete(
                stanzas -> context.runOnContext(
                        _ -> answer(taken, stanzas.isEmpty() ? refusal(stanza, UNAVAILABLE) : stanzas)),
                failure -> context.runOnContext(_ -> failed(taken, failure)));
    }

    private void failed(Intake.Taken taken, Throwable failure) {
        if (!(failure instanceof BusFailure)) {
            LOG.error(
                    "{} has failed with a stanza of {}",
                    domain.domain(),
                    taken.stanza().from(),
                    failure);
        }
        Stanza stanza = taken.stanza();
        boolean told = !stanza.isError() && stanza.type() != StanzaType.RESULT && !stanza.isPresence();
        answer(taken, told ? List.of(stanza.error(BusFailure.toStanzaError(failure))) : List.of());
    }

    private static List<Stanza> refusal(Stanza stanza, StanzaError error) {
        return stanza.isRequest() ? List.of(stanza.error(error)) : List.of();
    }

    private @Nullable Stanza standardAnswer(Stanza stanza) {
        Element query = stanza.isRequest() && isForDomain(stanza) ? stanza.query() : null;
        if (query == null || stanza.type() != StanzaType.GET) {
            return null;
        }
        if (query.is("ping", Namespaces.PING)) {
            return stanza.result();
        }
        return query.is("query", Namespaces.DISCO_INFO) && query.attribute("node") == null
                ? stanza.result(discoInfo())
                : null;
    }

    private static boolean isForDomain(Stanza stanza) {
        Jid to = stanza.to();
        return to != null && !to.hasLocal() && to.isBare();
    }

    private Element discoInfo() {
        Element.Builder query = Element.builder("query", Namespaces.DISCO_INFO)
                .child(Element.builder("identity", Namespaces.DISCO_INFO)
                        .attribute("category", domain.category())
                        .attribute("type", domain.type())
                        .attribute("name", domain.title())
                        .build());
        List<String> all = new ArrayList<>(List.of(Namespaces.DISCO_INFO, Namespaces.PING));
        all.addAll(features);
        all.forEach(feature -> query.child(Element.builder("feature", Namespaces.DISCO_INFO)
                .attribute("var", feature)
                .build()));
        return query.build();
    }

    /// What came is done when all the answers to it are taken over.
    private void answer(Intake.Taken taken, List<Stanza> answers) {
        Origin cause = taken.isTracked() ? taken.origin() : null;
        List<Future<Void>> sent = new ArrayList<>();
        for (int i = 0; i < Math.min(answers.size(), MOST_ANSWERS); i++) {
            // the same for every instance that answers this stanza, so that its receiver knows it again
            Origin origin =
                    cause == null ? null : new Origin(cause.apart(ANSWERS).stream(), cause.number() * MOST_ANSWERS + i);
            sent.add(post(answers.get(i), taken.stanza().to(), origin, taken.retry()));
        }
        Future.join(sent).onComplete(_ -> taken.done());
    }

    /// Sends a stanza that answers none. Completes when its receiver has taken it over; fails if
    /// nobody serves the receiver, or too much is on its way.
    public Future<Void> send(Stanza stanza) {
        Promise<Void> promise = Promise.promise();
        context.runOnContext(_ -> {
            if (outgoing.size() >= MOST_UNDER_WAY) {
                promise.fail(new BusFailure(StanzaError.of(Condition.RESOURCE_CONSTRAINT), "too much is on its way"));
            } else {
                post(stanza, null, new Origin(own.stream(), ++lastNumber), false)
                        .onComplete(promise);
            }
        });
        return promise.future();
    }

    private Future<Void> post(Stanza stanza, @Nullable Jid asked, @Nullable Origin origin, boolean retry) {
        Jid from = stanza.from();
        Jid to = stanza.to();
        if (to == null || from == null || !maySpeakAs(from, asked)) {
            LOG.error("{} has sent a stanza without `to`, or not from itself: {}", domain.domain(), stanza);
            return Future.failedFuture(new BusFailure(UNAVAILABLE, "not a stanza of " + domain.domain()));
        }
        Route route = router.route(to);
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

    /// @param asked whom the stanza was for that is answered; null if it answers none
    private boolean maySpeakAs(Jid from, @Nullable Jid asked) {
        return from.domain().equals(domain.domain())
                || (asked != null && from.domain().equals(asked.domain()));
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
