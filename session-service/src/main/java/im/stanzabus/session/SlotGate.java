package im.stanzabus.session;

import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.delivery.Outgoing;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets events through to the accounts whose slots are open here. Others wait until their slot is
/// open, are dropped because their sender sends them again to whoever claims the slot, or are
/// passed on. Confined to the partition's context.
final class SlotGate {
    private static final Logger LOG = LoggerFactory.getLogger(SlotGate.class);
    private static final int MOST_WAITING = 100_000;
    private static final int MOST_WAITING_BYTES = 64 << 20;

    private final String address;
    private final SlotTable table;
    private final IntPredicate held;
    private final IntPredicate opened;
    private final IntToLongFunction epochs;
    private final Accounts accounts;
    private final Sessions sessions;
    private final Announcements announcements;
    private final Outgoing<Account> outgoing;
    private final BitSet closing = new BitSet(SlotTable.SLOTS);
    private final Map<Integer, List<SessionEvent>> waiting = new HashMap<>();
    private int waitingCount;
    private long waitingBytes;

    /// @param address of this partition
    /// @param held tells slots that are held here, opened or not
    /// @param opened tells slots whose events may be handled
    /// @param epochs of the slots that are held
    SlotGate(
            String address,
            SlotTable table,
            IntPredicate held,
            IntPredicate opened,
            IntToLongFunction epochs,
            Accounts accounts,
            Sessions sessions,
            Announcements announcements,
            Outgoing<Account> outgoing) {
        this.address = address;
        this.table = table;
        this.held = held;
        this.opened = opened;
        this.epochs = epochs;
        this.accounts = accounts;
        this.sessions = sessions;
        this.announcements = announcements;
        this.outgoing = outgoing;
    }

    void handle(List<SessionEvent> events) {
        for (int i = 0; i < events.size(); i++) {
            SessionEvent event = events.get(i);
            try {
                handle(event);
            } catch (RuntimeException e) {
                // a fault in handling one event must not take the others with it
                LOG.error("event {} for {} failed", event.getClass().getSimpleName(), event.account(), e);
            }
        }
    }

    private void handle(SessionEvent event) {
        if (event instanceof SessionEvent.Accepted accepted) {
            outgoing.accepted(accepted);
            return;
        }
        Account account = accounts.find(event.account());
        if (event instanceof SessionEvent.Inbound inbound && isOutdated(inbound, account)) {
            return;
        }
        if (account != null && account.open) {
            sessions.handle(account, event);
            return;
        }
        int slot = account == null ? SlotTable.slot(event.account()) : account.slot;
        if (closing.get(slot)) {
            whileClosing(slot, account, event);
        } else if (opened.test(slot)) {
            sessions.handle(event);
        } else if (!held.test(slot)) {
            notHeld(slot, event);
        } else if (event instanceof SessionEvent.Announce announce) {
            announcements.announced(announce);
        } else {
            await(slot, event);
        }
    }

    /// True for what was sent by a claim that is not the present one: its sender sends it again, in
    /// order with what it sent before and after it.
    private boolean isOutdated(SessionEvent.Inbound inbound, @Nullable Account account) {
        if (inbound.replyTo() == null || inbound.epoch() == 0) {
            return false;
        }
        int slot = account == null ? SlotTable.slot(inbound.account()) : account.slot;
        return held.test(slot) && epochs.applyAsLong(slot) != inbound.epoch();
    }

    /// True if a slot's events are handled now.
    boolean isOpen(int slot) {
        return opened.test(slot) && !closing.get(slot);
    }

    /// What is under way is finished; what would begin something is left to the next owner.
    private void whileClosing(int slot, @Nullable Account account, SessionEvent event) {
        switch (event) {
            case SessionEvent.Delivered _, SessionEvent.Received _, SessionEvent.Gone _, SessionEvent.Detached _ -> {
                if (account != null) {
                    sessions.handle(account, event);
                }
            }
            case SessionEvent.Inbound inbound -> {
                if (inbound.replyTo() == null) {
                    outgoing.keepUnowned(slot, inbound);
                }
            }
            default -> {} // sent again to the next owner
        }
    }

    private void notHeld(int slot, SessionEvent event) {
        if (event instanceof SessionEvent.Inbound inbound && inbound.replyTo() == null && !inbound.retry()) {
            SessionEvent passed = new SessionEvent.Inbound(inbound.stanza(), inbound.origin(), null, null, true);
            String owner = table.ownerOf(slot);
            if (owner != null && !owner.equals(address)) {
                outgoing.pass(owner, passed);
            }
        } // who waits for an answer sends again when the slot is claimed
    }

    /// That a stream has ended is told once, and of each connection: it always has room.
    private void await(int slot, SessionEvent event) {
        int bytes = WaitingEvents.bytes(event);
        boolean isEnd = event instanceof SessionEvent.Gone || event instanceof SessionEvent.Detached;
        if (isEnd || (waitingCount < MOST_WAITING && waitingBytes + bytes <= MOST_WAITING_BYTES)) {
            waitingCount++;
            waitingBytes += bytes;
            waiting.computeIfAbsent(slot, _ -> new ArrayList<>()).add(event);
        }
    }

    /// Nothing new is begun for a slot from now on.
    void close(int slot) {
        closing.set(slot);
    }

    /// What has waited for a slot is handled.
    void open(int slot) {
        closing.clear(slot);
        handle(take(slot));
    }

    /// A slot is somebody else's: what nobody would send again follows it.
    void lose(int slot) {
        closing.clear(slot);
        for (SessionEvent event : take(slot)) {
            if (event instanceof SessionEvent.Inbound inbound && inbound.replyTo() == null) {
                outgoing.keepUnowned(slot, inbound);
            }
        }
    }

    private List<SessionEvent> take(int slot) {
        List<SessionEvent> events = waiting.remove(slot);
        if (events == null) {
            return List.of();
        }
        waitingCount -= events.size();
        for (int i = 0; i < events.size(); i++) {
            waitingBytes -= WaitingEvents.bytes(events.get(i));
        }
        return events;
    }
}
