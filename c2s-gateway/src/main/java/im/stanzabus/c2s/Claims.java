package im.stanzabus.c2s;

import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.stanza.Jid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Answers session managers that claim accounts: tells the new owner of every connection of these accounts what it must
/// know, and again what no owner has confirmed. Confined to its gateway.
final class Claims {
    private final Gateway gateway;

    /// By slot, who claimed it last.
    private final @Nullable String[] claimants = new @Nullable String[SlotTable.SLOTS];

    Claims(Gateway gateway) {
        this.gateway = gateway;
    }

    /// Somebody has claimed slots, or reminds of it.
    void claimed(SlotClaim claim) {
        boolean answered = claim.round() != 0;
        if (learn(claim) || answered) {
            Map<Integer, Long> slots = claim.epochs();
            List<Binding> waiting = new ArrayList<>();
            gateway.connections().forEach(connection -> {
                if (connection.state() instanceof Binding binding) {
                    if (isFor(slots, binding.account())) {
                        waiting.add(binding);
                    }
                } else {
                    Session session = connection.session();
                    if (session != null && isFor(slots, session.client)) {
                        move(session, claim.owner(), answered, connection.state());
                    }
                }
            });
            gateway.detached().forEach(session -> {
                if (isFor(slots, session.client)) {
                    move(session, claim.owner(), answered, null);
                }
            });
            // of two streams with one resource the first is taken, so those that live come first; but what a client
            // sent on its last stream is handled before it gets the resource again
            gateway.ended().claimed(account -> isFor(slots, account), claim.owner(), claim.round());
            waiting.forEach(binding -> binding.claimed(claim.owner()));
        }
        if (answered) {
            gateway.announced(claim.owner(), claim.round());
        }
    }

    /// Who claimed the account last; null if nobody did.
    @Nullable
    String claimant(Jid account) {
        return claimants[SlotTable.slot(account)];
    }

    private boolean learn(SlotClaim claim) {
        boolean changed = false;
        for (int slot : claim.epochs().keySet()) {
            if (!claim.owner().equals(claimants[slot])) {
                claimants[slot] = claim.owner();
                changed = true;
            }
        }
        return changed;
    }

    private static boolean isFor(Map<Integer, Long> slots, Jid account) {
        return slots.size() == SlotTable.SLOTS || slots.containsKey(SlotTable.slot(account));
    }

    private void move(Session session, String owner, boolean answered, @Nullable StreamState state) {
        if (!answered && owner.equals(session.owner())) {
            return;
        }
        session.owner(owner);
        gateway.announce(session, state != null);
        if (state != null) {
            state.claimed();
        }
    }
}
