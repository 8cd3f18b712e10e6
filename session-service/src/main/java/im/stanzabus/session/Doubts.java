package im.stanzabus.session;

import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.delivery.Outgoing;
import java.util.Arrays;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntToLongFunction;
import java.util.function.LongSupplier;

/// Which messages may be in the log though their sender's owner sends them for the first time: a
/// new owner of the sender may have sent them before, here or to the last owner of the receiver.
/// The one that sends them does not know yet that it is replaced. So either it is not known here as
/// the owner, or both changes are so recent that word of one is still on its way. Confined to the
/// partition's context.
final class Doubts {
    /// Longer than claims are on their way to processes that run.
    private static final long RECENT_NANOS = 30_000_000_000L;

    /// Nobody has had a slot before whose epoch this is.
    private static final long FIRST_EPOCH = 1;

    private final Outgoing<Account> outgoing;
    private final BooleanSupplier alone;
    private final IntToLongFunction epochs;
    private final LongSupplier nanos;
    private final long[] until = new long[SlotTable.SLOTS];

    /// @param outgoing knows the owners
    /// @param alone true if there is no other process
    /// @param epochs of the slots that are held
    /// @param nanos a clock that only runs forward
    Doubts(Outgoing<Account> outgoing, BooleanSupplier alone, IntToLongFunction epochs, LongSupplier nanos) {
        this.outgoing = outgoing;
        this.alone = alone;
        this.epochs = epochs;
        this.nanos = nanos;
        Arrays.fill(until, nanos.getAsLong());
    }

    /// Slots have come here. Where there is no other process, all have, and nothing is to be heard
    /// of others.
    void claimed(Set<Integer> slots) {
        if (alone.getAsBoolean()) {
            return;
        }
        long end = nanos.getAsLong() + RECENT_NANOS;
        for (Integer slot : slots) {
            if (epochs.applyAsLong(slot) > FIRST_EPOCH) {
                until[slot] = end;
            }
        }
    }

    /// True if a message is to be looked for in the account's log.
    boolean mayBeHere(Account account, SessionEvent.Inbound received) {
        if (received.replyTo() == null) {
            return false;
        }
        return until[account.slot] - nanos.getAsLong() > 0 || !outgoing.isFromOwner(received);
    }
}
