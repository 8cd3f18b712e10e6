package im.stanzabus.bus.delivery;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Takes each stanza once that others send with {@link Outgoing}, in the order of each sender, and
/// tells them when it is done. For receivers without accounts: services with a domain of their own,
/// gateways. Confined to one context.
public final class Intake {
    /// What is not taken beyond that comes again.
    private static final int MOST_OPEN = 50_000;

    private static final int MOST_STREAMS = 50_000;

    private final Consumer<SessionEvent.Inbound> accepts;
    private final Map<Origin, Taken> open = new HashMap<>();
    private final RecentOrigins recent = new RecentOrigins();
    private final StreamTurns turns = new StreamTurns(MOST_STREAMS);

    /// @param accepts tells the sender, as {@link Outgoing#accept} does
    public Intake(Consumer<SessionEvent.Inbound> accepts) {
        this.accepts = accepts;
    }

    /// A stanza that was taken. Its sender keeps it until {@link #done}.
    public final class Taken {
        private final @Nullable Origin identity;
        private final boolean retry;
        private SessionEvent.Inbound inbound;

        private Taken(SessionEvent.Inbound inbound, @Nullable Origin identity, boolean retry) {
            this.inbound = inbound;
            this.identity = identity;
            this.retry = retry;
        }

        public Stanza stanza() {
            return inbound.stanza();
        }

        /// True if another instance may have taken it before.
        public boolean retry() {
            return retry;
        }

        /// Where it came in; null if that is not known.
        public @Nullable Origin origin() {
            return identity == null ? inbound.origin() : identity;
        }

        /// True if it is kept by somebody until it is done.
        public boolean isTracked() {
            return identity != null;
        }

        /// What was to be done with it is done: its sender need not keep it any longer. Only the
        /// first call counts.
        public void done() {
            if (identity != null && open.remove(identity, this)) {
                recent.add(identity);
                accepts.accept(inbound);
            }
        }

        /// It cannot be done here: its sender sends it again.
        public void release() {
            if (identity != null) {
                open.remove(identity, this);
            }
        }
    }

    /// Takes a stanza, unless it is here already or was, or would overtake one that was lost on its
    /// way.
    public void take(SessionEvent.Inbound inbound, Consumer<Taken> handler) {
        Origin origin = inbound.origin();
        Origin identity = inbound.identity();
        if (origin == null || identity == null) {
            handler.accept(new Taken(inbound, null, inbound.retry()));
            return;
        }
        Taken known = open.get(identity);
        if (known != null) {
            known.inbound = inbound; // whoever asked last is told
        } else if (recent.contains(identity)) {
            accepts.accept(inbound);
        } else if (open.size() < MOST_OPEN && isInTurn(inbound, origin)) {
            boolean first = turns.take(ofReceiver(inbound, origin));
            Taken taken = new Taken(inbound, identity, inbound.retry() || !first);
            open.put(identity, taken);
            handler.accept(taken);
        }
    }

    private boolean isInTurn(SessionEvent.Inbound inbound, Origin origin) {
        return inbound.previous() == 0 || turns.has(ofReceiver(inbound, origin).stream(), inbound.previous());
    }

    /// The stanzas of a stream are in order for each receiver.
    private static Origin ofReceiver(SessionEvent.Inbound inbound, Origin origin) {
        Jid receiver = inbound.account().bare();
        return origin.apart(receiver.toString().hashCode());
    }

    /// How many stanzas were taken and are not done.
    public int size() {
        return open.size();
    }
}
