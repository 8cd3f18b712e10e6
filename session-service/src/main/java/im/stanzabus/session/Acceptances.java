package im.stanzabus.session;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.delivery.RecentOrigins;
import im.stanzabus.stanza.Stanza;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Stanzas that others keep until they are accepted here, and that are not yet: a service is asked,
/// or what follows from them is on its way, or a gateway has not said that it has them. This
/// process may have been frozen, and somebody else own the account without its being known here.
/// Gateways know, and drop what comes from here then. So a stanza that is in no log is accepted
/// when its gateways have it, and is sent again to the new owner otherwise. Confined to the
/// partition's context.
final class Acceptances {
    /// After so many seconds of running, not of the clock, what is held here has been looked up: a
    /// gateway that says nothing is one of an earlier version, and has taken what it was sent.
    private static final int MOST_SWEEPS = 10;

    private final Post post;
    private final RecentOrigins recent;
    private final Map<Origin, Open> open = new HashMap<>();

    Acceptances(Post post, RecentOrigins recent) {
        this.post = post;
        this.recent = recent;
    }

    /// A stanza that waits at a resource for its gateway's word.
    record Awaited(long number, Stanza stanza, Open open) {}

    /// One stanza, which is accepted when everything that was begun for it is done.
    final class Open {
        private final Account account;
        private final @Nullable Origin identity;
        private SessionEvent.Inbound inbound;
        private int missing = 1;

        /// How many gateways have not said yet that they have it, and whether one has.
        private int awaited;

        private boolean held;
        private int sweeps;

        private Open(Account account, SessionEvent.Inbound inbound) {
            this.account = account;
            this.inbound = inbound;
            identity = inbound.identity();
        }

        /// True if somebody sends it again until it is accepted.
        boolean isTracked() {
            return identity != null;
        }

        /// One {@link #done} more is needed.
        void more() {
            missing++;
        }

        void done() {
            if (--missing == 0 && forget() && !account.isDropped()) {
                if (identity != null) {
                    recent.add(identity);
                }
                post.accept(inbound);
            }
        }

        /// It is not accepted: whoever waits for that sends it again.
        void release() {
            forget();
            missing = 0;
            awaited = 0;
        }

        private void received() {
            if (awaited > 0) {
                awaited--;
                held = true;
                done();
            }
        }

        private boolean forget() {
            return identity == null || open.remove(identity, this);
        }
    }

    /// True if a stanza is here already. One that is not accepted yet will be so to whoever asked
    /// last.
    boolean isKnown(SessionEvent.Inbound again) {
        Origin identity = again.identity();
        if (identity == null) {
            return false;
        }
        Open before = open.get(identity);
        if (before != null) {
            before.inbound = again;
            return true;
        }
        if (recent.contains(identity)) {
            post.accept(again);
            return true;
        }
        return false;
    }

    /// A message that leaves the log is delivered: it is not to be delivered again.
    void remember(Origin origin) {
        recent.add(origin);
    }

    /// A stanza is taken in.
    Open begin(Account account, SessionEvent.Inbound inbound) {
        Open begun = new Open(account, inbound);
        if (begun.identity != null) {
            open.put(begun.identity, begun);
        }
        return begun;
    }

    /// Hands a stanza to a resource.
    ///
    /// @param id in the account's sequence; 0 for none
    /// @param received when the server took it in, in milliseconds of the clock; 0 if nobody will
    ///     ask
    void deliver(Resource resource, Stanza stanza, long id, long received, Open of) {
        // where there is no other process, nobody can have taken the account over
        boolean receipt = of.identity != null && !post.isAlone();
        Origin origin = of.identity == null ? of.inbound.origin() : of.identity;
        if (post.unlogged(resource, stanza, id, received, receipt, origin) && receipt) {
            of.more();
            of.awaited++;
            resource.awaited.add(new Awaited(resource.outbound.last(), stanza, of));
        }
    }

    /// The gateway of a resource has everything up to a number.
    void received(Resource resource, long number) {
        ArrayDeque<Awaited> awaited = resource.awaited;
        while (!awaited.isEmpty() && awaited.element().number() <= number) {
            awaited.remove().open().received();
        }
    }

    /// A stream goes on as another resource, which is handed what its client has not got, in order.
    void moved(Resource from, Resource to, Outbound.Unconfirmed handed) {
        Awaited waits = from.awaited.peek();
        boolean receipt = waits != null && Objects.equals(waits.open().identity, handed.origin());
        post.unlogged(to, handed.stanza(), handed.id(), handed.received(), receipt, handed.origin());
        if (waits != null && receipt) {
            from.awaited.remove();
            to.awaited.add(new Awaited(to.outbound.last(), handed.stanza(), waits.open()));
        }
    }

    /// A stream is over. What no gateway is known to have is sent again by whoever waits for it,
    /// and finds its way then.
    ///
    /// @param rest what was handed to the resource and its client has not got
    /// @return the rest without that
    List<Outbound.Unconfirmed> ended(Resource resource, List<Outbound.Unconfirmed> rest) {
        Set<Stanza> comeAgain = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Awaited each : resource.awaited) {
            if (each.open().awaited == 1 && !each.open().held) {
                each.open().release();
                takeBack(each.open());
                comeAgain.add(each.stanza());
            } else {
                each.open().received();
            }
        }
        resource.awaited.clear();
        return rest.stream().filter(lost -> !comeAgain.contains(lost.stanza())).toList();
    }

    /// What its sender sends after a stanza that comes again must not overtake it.
    private static void takeBack(Open released) {
        Origin origin = released.inbound.origin();
        if (origin != null) {
            released.account.turns().takeBack(origin);
        }
    }

    /// Called every second.
    void sweep() {
        for (Open each : List.copyOf(open.values())) {
            if (each.account.isDropped()) {
                each.release();
            } else if (each.awaited > 0 && ++each.sweeps >= MOST_SWEEPS) {
                while (each.awaited > 0) {
                    each.received();
                }
            }
        }
    }
}
