package im.stanzabus.s2s.handover;

import im.stanzabus.bus.Bus;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.Route;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.delivery.Intake;
import im.stanzabus.bus.delivery.Outgoing;
import im.stanzabus.bus.delivery.Parcel;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.stanza.StreamEvent;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;

/// Hands on what comes in on the streams of a gateway, and tells senders what could not go out
/// (RFC 6120 section 8.3). Confined to its context.
public final class Handover {
    /// Sets errors apart from the stanzas that they are about.
    private static final long ERRORS = -2;

    /// How long what nobody confirms counts as on its way. What streams bring in of that is bounded by
    /// nothing else.
    private static final long UNCONFIRMED_MILLIS = 100;

    private final Router router;
    private final Context context;
    private final Outgoing<Handover> outgoing;
    private final List<Runnable> unconfirmed = new ArrayList<>();

    /// @param address where it is said that stanzas were taken over
    public Handover(Bus bus, Router router, Context context, String address) {
        this.router = router;
        this.context = context;
        outgoing = new Outgoing<>(bus, context, address);
    }

    /// The stanzas that are on their way, to be told what the bus and the clock have to say.
    public Outgoing<Handover> outgoing() {
        return outgoing;
    }

    /// Hands on a stanza that came in. If nobody takes it, its sender is told.
    ///
    /// @param stanza with both addresses
    /// @param origin where it came in
    /// @param done called once, when it is in other hands or nobody takes it; of what nobody
    ///     confirms, a little later
    public void deliver(Stanza stanza, Origin origin, Runnable done) {
        Jid from = stanza.from();
        Jid to = stanza.to();
        if (from == null || to == null) {
            throw new IllegalArgumentException("a stanza that is handed on has addresses");
        }
        Route route = router.route(to);
        if (!ReceivedStanzas.mustNotBeLost(stanza)) {
            outgoing.send(route, stanza, null);
            later(done);
            return;
        }
        boolean remote = route instanceof Route.Remote;
        Handed handed = new Handed(
                stanza,
                StanzaError.of(remote ? Condition.REMOTE_SERVER_NOT_FOUND : Condition.SERVICE_UNAVAILABLE),
                done);
        if (!outgoing.send(route, new Parcel<>(stanza, origin, from, this, handed), false)) {
            handed.unreachable();
        }
    }

    private void later(Runnable done) {
        if (unconfirmed.isEmpty()) {
            context.owner().setTimer(UNCONFIRMED_MILLIS, _ -> {
                List<Runnable> all = List.copyOf(unconfirmed);
                unconfirmed.clear();
                all.forEach(Runnable::run);
            });
        }
        unconfirmed.add(done);
    }

    private final class Handed implements Parcel.Waiting {
        private final Stanza stanza;
        private final StanzaError ifNobody;
        private final Runnable done;

        Handed(Stanza stanza, StanzaError ifNobody, Runnable done) {
            this.stanza = stanza;
            this.ifNobody = ifNobody;
            this.done = done;
        }

        @Override
        public void accepted() {
            done.run();
        }

        @Override
        public void unreachable() {
            giveBack(stanza, ifNobody);
            done.run();
        }
    }

    /// Answers a stanza that came in and cannot be processed, unless it is an answer itself (RFC
    /// 6120 sections 8.2.3 and 8.3.1).
    public void reject(Jid from, Jid to, StreamEvent.BadStanza bad) {
        if (bad.type() != StanzaType.ERROR && bad.type() != StanzaType.RESULT) {
            Payload error = Payload.of(bad.error().toElement());
            Stanza answer = new Stanza(bad.kind(), StanzaType.ERROR, bad.id(), to, from, null, error);
            outgoing.send(router.route(from), answer, null);
        }
    }

    /// Tells the sender of a stanza that nobody takes it, if the sender may hear of that.
    public void giveBack(Stanza stanza, StanzaError error) {
        if (isAnswered(stanza)) {
            Stanza answer = stanza.error(error);
            Jid to = answer.to();
            if (to != null) {
                outgoing.send(router.route(to), answer, null);
            }
        }
    }

    /// Gives a stanza back to its sender that cannot go out. It is done when the sender has the error.
    public void refuse(Intake.Taken taken, StanzaError error) {
        Stanza stanza = taken.stanza();
        Stanza answer = isAnswered(stanza) ? stanza.error(error) : null;
        Jid to = answer == null ? null : answer.to();
        Jid from = answer == null ? null : answer.from();
        Origin origin = taken.origin();
        if (answer == null || to == null || from == null) {
            taken.done();
        } else if (origin == null || !taken.isTracked()) {
            outgoing.send(router.route(to), answer, null);
        } else {
            Parcel<Handover> parcel = new Parcel<>(answer, origin.apart(ERRORS), from, this, new Told(taken));
            if (!outgoing.send(router.route(to), parcel, taken.retry())) {
                taken.done();
            }
        }
    }

    private record Told(Intake.Taken taken) implements Parcel.Waiting {
        @Override
        public void accepted() {
            taken.done();
        }

        @Override
        public void unreachable() {
            taken.done();
        }
    }

    /// Whether its sender may hear of an error (RFC 6120 section 8.3.1, RFC 6121 section 8.5).
    private static boolean isAnswered(Stanza stanza) {
        return switch (stanza.kind()) {
            case MESSAGE -> stanza.type() != StanzaType.ERROR;
            case IQ -> stanza.isRequest();
            case PRESENCE -> stanza.type() == StanzaType.AVAILABLE || stanza.type() == StanzaType.SUBSCRIBE;
        };
    }
}
