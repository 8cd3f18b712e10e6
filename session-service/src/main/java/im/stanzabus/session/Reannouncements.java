package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.SlotClaim;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToLongFunction;

/// Has gateways announce connections again, and others send again, when what comes from them does not fit
/// what is known here: messages of the bus were lost. At most once a second. Confined to the partition's
/// context.
final class Reannouncements {
    private final Bus bus;
    private final String address;
    private final IntToLongFunction epochs;
    private final Map<String, Set<Integer>> wanted = new HashMap<>();

    /// Rounds of the regular claims are positive.
    private long round;

    /// @param address of this partition
    /// @param epochs of the slots that are held; 0 for others
    Reannouncements(Bus bus, String address, IntToLongFunction epochs) {
        this.bus = bus;
        this.address = address;
        this.epochs = epochs;
    }

    /// A connection's gateway is to announce those of the slot, and what it has of them, again.
    void want(ConnectionId connection, int slot) {
        wantFrom(connection.gateway(), slot);
    }

    /// A client's stanza that was begun last cannot be handled now: its gateway is to send it, and what follows it,
    /// again.
    ///
    /// @return false if that cannot be
    boolean later(Resource client, long number) {
        boolean taken = client.takeBack(number);
        if (taken) {
            want(client.connection(), client.account.slot);
        }
        return taken;
    }

    /// Whoever has sent something for the slot from this address is to send again what was not accepted.
    void wantFrom(String sender, int slot) {
        wanted.computeIfAbsent(sender, _ -> new HashSet<>()).add(slot);
    }

    /// Asks. Called every second.
    void sweep() {
        wanted.forEach((gateway, slots) -> {
            Map<Integer, Long> held = new HashMap<>();
            for (Integer slot : slots) {
                long epoch = epochs.applyAsLong(slot);
                if (epoch > 0) {
                    held.put(slot, epoch);
                }
            }
            if (!held.isEmpty()) {
                round--;
                bus.send(
                        Addresses.at(Addresses.SLOTS, Addresses.nodeOf(gateway)),
                        new SlotClaim(address, round, Map.copyOf(held)));
            }
        });
        wanted.clear();
    }
}
