package im.stanzabus.session;

import im.stanzabus.bus.ConnectionEvent;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What gateways are told of the state of their streams, once per turn of the event loop: what to keep for
/// the next owner, and which stanzas are safe. Managed streams hear of safe stanzas at once, as their
/// clients wait for it; others when many are, or soon: until then the gateway holds them. Confined to the partition's
/// context.
final class StreamReports {
    private static final Logger LOG = LoggerFactory.getLogger(StreamReports.class);

    private static final int HANDLED_EVERY = 32;
    private static final long SOON_MILLIS = 50;

    private final Context context;
    private final Consumer<ConnectionEvent> gateways;
    private final int mostDetached;
    private final int mostAttached;
    private final long mostBytesOfAccount;
    private final Consumer<Resource> resumable;
    private final Consumer<Resource> tooSlow;
    private List<Resource> touched = new ArrayList<>();
    private List<Resource> late = new ArrayList<>();
    private List<Resource> soon = new ArrayList<>();

    /// What is to be told of one resource.
    static final class Notes {
        private boolean touched;
        private boolean soon;
        private boolean stateIsLate;
        boolean stateChanged;
        long handledTold;
    }

    /// @param most how many stanzas may wait for a client that is away
    /// @param mostBytesOfAccount how much may wait for all clients of an account
    /// @param resumable told of a stream that is wanted elsewhere when something of it is done
    /// @param tooSlow ends a stream whose client does not take what it is sent
    StreamReports(
            Context context,
            Consumer<ConnectionEvent> gateways,
            int most,
            long mostBytesOfAccount,
            Consumer<Resource> resumable,
            Consumer<Resource> tooSlow) {
        this.context = context;
        this.gateways = gateways;
        this.mostDetached = most;
        this.mostAttached = most * 10;
        this.mostBytesOfAccount = mostBytesOfAccount;
        this.resumable = resumable;
        this.tooSlow = tooSlow;
    }

    /// Something of the resource has changed in this turn.
    void touch(Resource resource) {
        if (!resource.notes.touched) {
            resource.notes.touched = true;
            touched.add(resource);
            if (touched.size() == 1) {
                context.runOnContext(_ -> endOfTurn());
            }
        }
    }

    /// The state of the resource has changed, and is long: it is told within a second, with what changes until then.
    void stateIsLate(Resource resource) {
        if (!resource.notes.stateIsLate) {
            resource.notes.stateIsLate = true;
            late.add(resource);
        }
    }

    /// More waits for the client than before.
    void queued(Resource resource) {
        if (isTooSlow(resource) || isTooMuch(resource.account)) {
            touch(resource);
        }
    }

    /// Tells at once whatever a resource's gateway was not told yet.
    void flush(Resource resource) {
        resource.notes.stateChanged |= resource.notes.stateIsLate;
        state(resource);
        handled(resource, true);
    }

    /// Tells of states that were put off. Called every second.
    void sweep() {
        List<Resource> due = late;
        late = new ArrayList<>();
        for (Resource resource : due) {
            if (resource.notes.stateIsLate) {
                flush(resource);
            }
        }
    }

    private void tellSoon(Resource resource) {
        if (!resource.notes.soon) {
            resource.notes.soon = true;
            soon.add(resource);
            if (soon.size() == 1) {
                context.owner().setTimer(SOON_MILLIS, _ -> tellNow());
            }
        }
    }

    private void tellNow() {
        List<Resource> due = soon;
        soon = new ArrayList<>();
        for (Resource resource : due) {
            resource.notes.soon = false;
            handled(resource, true);
        }
    }

    private void endOfTurn() {
        List<Resource> due = touched;
        touched = new ArrayList<>();
        for (Resource resource : due) {
            resource.notes.touched = false;
            try {
                report(resource);
            } catch (RuntimeException e) {
                // a fault with one stream must not take the others with it
                LOG.error("reports to {} failed", resource.jid, e);
            }
        }
    }

    private void report(Resource resource) {
        state(resource);
        handled(resource, resource.management() != null);
        if (resource.resuming != null) {
            resumable.accept(resource);
        }
        if (!resource.account.isLoaded()) {
            return; // nobody could be told yet that a stream has ended
        }
        if (!resource.isGone() && isTooSlow(resource)) {
            tooSlow.accept(resource);
        }
        if (isTooMuch(resource.account)) {
            Comparator<Resource> bySize = Comparator.comparingInt(each -> each.outbound.bytes());
            tooSlow.accept(Collections.max(resource.account.resources(), bySize));
        }
    }

    private boolean isTooMuch(Account account) {
        long bytes = 0;
        for (Resource resource : account.resources()) {
            bytes += resource.outbound.bytes();
        }
        return bytes > mostBytesOfAccount;
    }

    private boolean isTooSlow(Resource resource) {
        return resource.outbound.isTooLarge(resource.isAttached() ? mostAttached : mostDetached);
    }

    private void state(Resource resource) {
        if (resource.notes.stateChanged && !resource.isGone()) {
            resource.notes.stateChanged = false;
            resource.notes.stateIsLate = false;
            gateways.accept(new ConnectionEvent.Remember(
                    resource.connection(), resource.state(), resource.outbound.announced()));
        }
    }

    private void handled(Resource resource, boolean now) {
        Notes notes = resource.notes;
        long upTo = resource.progress.upTo();
        if (upTo <= notes.handledTold || resource.account.isDropped()) {
            return;
        }
        if (now || upTo - notes.handledTold >= HANDLED_EVERY) {
            notes.handledTold = upTo;
            gateways.accept(new ConnectionEvent.Handled(resource.connection(), upTo));
        } else {
            tellSoon(resource);
        }
    }
}
