package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.Outbox;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.View;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import io.vertx.core.Context;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Stanzas on their way to the owners of other accounts. What must not be lost is kept until its owner
/// says that it has taken it over, and sent again when the owner changes or is silent.
///
/// Who owns a slot is known here by the claims that were heard on this context, and by nothing else: each
/// stanza names the epoch that it was sent by, and an owner of another epoch drops it, so what is sent
/// again keeps its order.
///
/// Confined to the partition's context.
final class Outgoing {
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    /// How much of what nobody waits for is kept while there is no owner.
    private static final int MOST_UNOWNED = 10_000;

    private final String address;
    private final Outbox<SessionEvent> owners;
    private final Map<Origin, Pending> pending = new LinkedHashMap<>();
    private final @Nullable String[] claimants = new @Nullable String[SlotTable.SLOTS];
    private final long[] epochs = new long[SlotTable.SLOTS];
    private final Map<Chain, Pending> tails = new HashMap<>();
    private final Deque<Unowned> unowned = new ArrayDeque<>();

    /// What one stream sends to one account keeps its order.
    private record Chain(long stream, Jid receiver) {}

    private record Unowned(int slot, SessionEvent event) {}

    private static final class Pending {
        private final Stanza stanza;
        private final Origin origin;
        private final Origin identity;
        private final Account account;
        private final Jid sender;
        private final Runnable then;
        private final int slot;
        private final Chain chain;
        private long sentNanos;

        /// A message to oneself is on its way into the own log from here on; 0 for others.
        private long append;

        Pending(Stanza stanza, Origin origin, Account account, Jid sender, int slot, Jid receiver, Runnable then) {
            this.stanza = stanza;
            this.origin = origin;
            this.identity = Acceptances.identity(origin, Acceptances.presence(stanza), sender);
            this.account = account;
            this.sender = sender;
            this.slot = slot;
            this.chain = new Chain(origin.stream(), receiver.bare());
            this.then = then;
        }
    }

    /// @param address of this partition, where answers come
    Outgoing(Bus bus, Context context, String address) {
        this.address = address;
        owners = new Outbox<>(bus, context, SessionEvent.Batch::new);
    }

    /// Sends a stanza that nobody waits for.
    ///
    /// @param cause where the stanza came in from which this one follows; null if it follows from none
    void send(int slot, Stanza stanza, @Nullable Origin cause) {
        String owner = claimants[slot];
        SessionEvent.Inbound event = new SessionEvent.Inbound(stanza, cause, null, null, false);
        if (owner != null) {
            owners.add(owner, event);
        } else {
            keepUnowned(slot, event);
        }
    }

    /// Passes an event on that came here and is for a slot of somebody else.
    void pass(String owner, SessionEvent event) {
        owners.add(owner, event);
    }

    /// Keeps an event until somebody claims its slot.
    void keepUnowned(int slot, SessionEvent event) {
        if (unowned.size() < MOST_UNOWNED) {
            unowned.add(new Unowned(slot, event));
        }
    }

    /// Sends a stanza of a client; it is taken for done when its owner has accepted it.
    void send(int slot, Stanza stanza, Jid receiver, Resource client, long number, boolean retry) {
        Origin origin = new Origin(client.stream, number);
        send(new Pending(stanza, origin, client.account, client.jid, slot, receiver, () -> client.done(number)), retry);
    }

    /// Sends presence of an account that follows from another stanza.
    ///
    /// @param origin of the other stanza
    /// @param then called when its owner has accepted it
    void send(int slot, Stanza stanza, Jid receiver, Account account, Origin origin, boolean retry, Runnable then) {
        send(new Pending(stanza, origin, account, account.jid(), slot, receiver, then), retry);
    }

    private void send(Pending sent, boolean retry) {
        Pending before = pending.put(sent.identity, sent);
        if (before != null) {
            endAppend(before);
        }
        if (sent.stanza.isMessage() && Jid.sameAccount(sent.account.jid(), sent.stanza.to())) {
            sent.append = sent.account.log.beginAppend();
        }
        transmit(sent, tails.put(sent.chain, sent), retry);
    }

    /// Tells whoever waits for it that a stanza was taken over.
    void accept(SessionEvent.Inbound inbound) {
        Origin origin = inbound.origin();
        String replyTo = inbound.replyTo();
        Jid sender = inbound.sender();
        if (origin == null || replyTo == null || sender == null) {
            return;
        }
        SessionEvent.Accepted accepted =
                new SessionEvent.Accepted(sender, origin, inbound.epoch(), Acceptances.presence(inbound.stanza()));
        if (replyTo.equals(address)) {
            accepted(accepted);
        } else {
            owners.add(replyTo, accepted);
        }
    }

    private static void endAppend(Pending sent) {
        sent.account.log.endAppend(sent.append);
    }

    /// The owner of the receiver has taken a stanza over. One that is not the owner any more does not count: the
    /// stanza has gone to the next one.
    void accepted(SessionEvent.Accepted accepted) {
        Pending sent = pending.get(Acceptances.identity(accepted.origin(), accepted.type(), accepted.account()));
        if (sent == null || (accepted.epoch() > 0 && accepted.epoch() < epochs[sent.slot])) {
            return;
        }
        pending.remove(sent.identity);
        tails.remove(sent.chain, sent);
        sent.then.run();
        endAppend(sent);
    }

    /// Slots have a new owner, or one that may have missed what it was sent: all that is not accepted is
    /// sent again.
    void claimed(SlotClaim claim) {
        BitSet again = new BitSet(SlotTable.SLOTS);
        claim.epochs().forEach((slot, epoch) -> {
            if (epoch < epochs[slot]) {
                return;
            }
            boolean known = epoch == epochs[slot] && claim.owner().equals(claimants[slot]);
            epochs[slot] = epoch;
            claimants[slot] = claim.owner();
            if (!known || claim.round() != 0) {
                again.set(slot);
            }
        });
        if (!again.isEmpty()) {
            sendAgain(again);
        }
    }

    /// True if a stanza was sent by whoever owns its sender, as far as is known here.
    boolean isFromOwner(SessionEvent.Inbound inbound) {
        String replyTo = inbound.replyTo();
        Jid sender = inbound.sender();
        return replyTo != null && sender != null && replyTo.equals(claimants[SlotTable.slot(sender)]);
    }

    /// Owners that are gone are forgotten: what is for their slots waits for a claim.
    void viewed(View view) {
        for (int slot = 0; slot < claimants.length; slot++) {
            String owner = claimants[slot];
            if (owner != null && !view.has(Addresses.nodeOf(owner))) {
                claimants[slot] = null;
            }
        }
    }

    /// Sends again what was not accepted for long: any message may be lost. Called every second.
    void sweep() {
        long now = System.nanoTime();
        BitSet late = new BitSet(SlotTable.SLOTS);
        for (Pending sent : pending.values()) {
            if (now - sent.sentNanos > PATIENCE_NANOS) {
                late.set(sent.slot);
            }
        }
        if (!late.isEmpty()) {
            sendAgain(late);
        }
    }

    /// Forgets what was sent for some accounts.
    void forget(Predicate<Account> accounts) {
        pending.values().removeIf(sent -> accounts.test(sent.account));
        tails.values().removeIf(sent -> accounts.test(sent.account));
    }

    /// True if something of such accounts is not accepted.
    boolean isUnderWay(Predicate<Account> accounts) {
        for (Pending sent : pending.values()) {
            if (accounts.test(sent.account)) {
                return true;
            }
        }
        return false;
    }

    int size() {
        return pending.size();
    }

    void flush() {
        owners.flush();
    }

    private void sendAgain(BitSet ofSlots) {
        Map<Chain, Pending> before = new HashMap<>();
        for (Pending sent : pending.values()) {
            if (ofSlots.get(sent.slot)) {
                transmit(sent, before.put(sent.chain, sent), true);
            }
        }
        unowned.removeIf(kept -> {
            String owner = ofSlots.get(kept.slot()) ? claimants[kept.slot()] : null;
            if (owner != null) {
                owners.add(owner, kept.event());
            }
            return owner != null;
        });
    }

    private void transmit(Pending sent, @Nullable Pending before, boolean retry) {
        sent.sentNanos = System.nanoTime();
        String owner = claimants[sent.slot];
        if (owner != null) {
            owners.add(
                    owner,
                    new SessionEvent.Inbound(
                            sent.stanza,
                            sent.origin,
                            address,
                            sent.sender,
                            retry,
                            epochs[sent.slot],
                            before == null ? 0 : before.origin.number()));
        }
    }
}
