package im.stanzabus.roster;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.bus.api.RosterRequest.BlockList;
import im.stanzabus.bus.api.RosterRequest.Outcome;
import im.stanzabus.bus.api.RosterRequest.Push;
import im.stanzabus.bus.api.RosterRequest.Sharing;
import im.stanzabus.bus.api.RosterRequest.Snapshot;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Carries out roster requests, each in one transaction. Called on a virtual thread; several requests at a time
/// are fine, also for one account and in several processes. Throws {@link BusFailure} for what the user is
/// refused.
final class RosterService {
    private static final Duration OUTCOMES_KEPT_FOR = Duration.ofHours(1);
    private static final Outcome NOTHING = new Outcome(List.of(), false, List.of(), null);

    private final Pool database;
    private final RosterRows rows;
    private final RosterConfig config;
    private final RosterLimits limits;

    RosterService(Pool database, RosterConfig config) {
        this.database = database;
        this.rows = new RosterRows(database);
        this.config = config;
        this.limits = new RosterLimits(config);
    }

    BusMessage answer(RosterRequest request) {
        return switch (request) {
            case RosterRequest.Load load -> rows.load(load.account());
            case RosterRequest.ChangesSince since -> rows.changesSince(since.account(), since.version());
            case RosterRequest.Set set -> set(set);
            case RosterRequest.Outbound outbound -> outbound(outbound);
            case RosterRequest.Inbound inbound -> inbound(inbound);
            case RosterRequest.Block block -> block(block);
            case RosterRequest.Unblock unblock -> unblock(unblock);
            case RosterRequest.Farewell farewell -> farewell(farewell.account().bare());
        };
    }

    /// Forgets an account; may be done again. A request that comes too late changes nothing: the account of
    /// that name is another one.
    Done purge(Jid account) {
        return RosterTransaction.run(database, account, roster -> {
            if (roster.isGone()) {
                roster.purge();
            }
            return Done.DONE;
        });
    }

    /// Forgets the outcomes of changes that nobody asks for any more.
    void forgetOldOutcomes() {
        rows.forgetOutcomes(OUTCOMES_KEPT_FOR);
    }

    /// Makes a change, unless it was made before.
    private Outcome once(
            Jid account, Jid contact, PastOutcome.Key key, BiFunction<RosterTransaction, Contact, Outcome> change) {
        return RosterTransaction.run(database, account, roster -> {
            Contact known = roster.contact(contact);
            PastOutcome before = roster.pastOutcome(key);
            if (before != null) {
                return before.again(
                        key, account, known, before.pushed() ? List.of(roster.presentPush(known)) : List.of());
            }
            Outcome outcome = change.apply(roster, known);
            roster.remember(key, PastOutcome.of(outcome));
            return outcome;
        });
    }

    private Outcome set(RosterRequest.Set set) {
        limits.check(set);
        Jid contact = set.contact().bare();
        return once(
                set.account().bare(),
                contact,
                PastOutcome.Key.set(set.origin()),
                (roster, known) ->
                        set.remove() ? remove(roster, set.account().bare(), known) : update(roster, set, known));
    }

    /// RFC 6121 sections 2.3 and 2.4: the item becomes exactly what was set; the subscription is not the
    /// client's to set.
    private Outcome update(RosterTransaction roster, RosterRequest.Set set, Contact known) {
        if (!known.listed()) {
            limits.checkContacts(roster.contacts());
        }
        String name = set.name() == null || set.name().isEmpty() ? null : set.name();
        Push push = roster.save(known.listedAs(name, List.copyOf(set.groups())));
        return new Outcome(List.of(push), false, List.of(), null);
    }

    /// RFC 6121 section 2.5.
    private Outcome remove(RosterTransaction roster, Jid account, Contact known) {
        if (!known.listed()) {
            throw new BusFailure(
                    StanzaError.of(Condition.ITEM_NOT_FOUND), known.jid() + " is not in the roster of " + account);
        }
        Push push = roster.remove(known.jid(), config);
        SubscriptionState state = known.standing().state();
        return new Outcome(
                List.of(push), false, parting(account, known.jid(), state), state.from() ? Sharing.ENDED : null);
    }

    private static List<Stanza> parting(Jid account, Jid contact, SubscriptionState state) {
        return SubscriptionStates.parting(state).stream()
                .map(type -> Stanza.presence(type, account, contact))
                .toList();
    }

    private Outcome outbound(RosterRequest.Outbound request) {
        Jid account = request.account().bare();
        Stanza stanza = request.stanza();
        Jid contact = bare(stanza.to(), account);
        if (contact == null) {
            return NOTHING;
        }
        return once(account, contact, PastOutcome.Key.outbound(request.origin(), stanza.type()), (roster, known) -> {
            Transition transition = SubscriptionStates.outbound(stanza.type(), known.standing());
            return carryOut(roster, account, known, transition);
        });
    }

    private Outcome inbound(RosterRequest.Inbound request) {
        Jid account = request.account().bare();
        Stanza stanza = request.stanza();
        Jid contact = bare(stanza.from(), account);
        if (contact == null) {
            return NOTHING;
        }
        return once(account, contact, PastOutcome.Key.inbound(request.origin(), stanza.type()), (roster, known) -> {
            Transition transition = SubscriptionStates.inbound(stanza.type(), known.standing());
            if (stanza.type() == StanzaType.SUBSCRIBE
                    && transition.after().state().pendingIn()) {
                keep(roster, known, stanza);
            }
            return carryOut(roster, account, known, transition);
        });
    }

    private void keep(RosterTransaction roster, Contact known, Stanza request) {
        limits.checkRequest(request);
        if (!known.standing().state().pendingIn()) {
            limits.checkRequests(roster.requests());
        }
        roster.keepRequest(known.jid(), request);
    }

    private Outcome carryOut(RosterTransaction roster, Jid account, Contact known, Transition transition) {
        if (known.standing().state().pendingIn() && !transition.after().state().pendingIn()) {
            roster.forgetRequest(known.jid());
        }
        List<Push> pushes = List.of();
        if (transition.pushed()) {
            if (!known.listed()) {
                limits.checkContacts(roster.contacts());
            }
            pushes = List.of(roster.save(known.listedWith(transition.after())));
        }
        StanzaType reply = transition.reply();
        return new Outcome(
                pushes,
                transition.passed(),
                reply == null ? List.of() : List.of(Stanza.presence(reply, account, known.jid())),
                transition.sharing());
    }

    /// The other side of a subscription stanza; null when it is the account itself, which needs no
    /// subscription.
    private static @Nullable Jid bare(@Nullable Jid other, Jid account) {
        if (other == null) {
            throw new BusFailure(StanzaError.of(Condition.BAD_REQUEST), "a subscription stanza without an address");
        }
        return Jid.sameAccount(other, account) ? null : other.bare();
    }

    private BlockList block(RosterRequest.Block block) {
        limits.checkBlocked(block.jids().size());
        return RosterTransaction.run(database, block.account(), roster -> {
            roster.block(block.jids());
            List<Jid> blocked = roster.blocked();
            limits.checkBlocked(blocked.size());
            return new BlockList(blocked);
        });
    }

    private BlockList unblock(RosterRequest.Unblock unblock) {
        return RosterTransaction.run(database, unblock.account(), roster -> {
            roster.unblock(unblock.jids());
            return new BlockList(roster.blocked());
        });
    }

    private Outcome farewell(Jid account) {
        if (!RosterTransaction.<Boolean>run(database, account, RosterTransaction::isGone)) {
            return NOTHING;
        }
        Snapshot snapshot = rows.load(account);
        LinkedHashSet<Jid> asking = new LinkedHashSet<>();
        snapshot.pending().forEach(request -> {
            if (request.from() != null) {
                asking.add(request.from());
            }
        });
        List<Stanza> partings = new ArrayList<>();
        for (RosterItem item : snapshot.items()) {
            boolean asks = asking.remove(item.jid());
            partings.addAll(parting(account, item.jid(), SubscriptionState.of(item.subscription(), item.ask(), asks)));
        }
        asking.forEach(jid -> partings.addAll(parting(account, jid, SubscriptionState.NONE_PENDING_IN)));
        return new Outcome(List.of(), false, List.copyOf(partings), null);
    }
}
