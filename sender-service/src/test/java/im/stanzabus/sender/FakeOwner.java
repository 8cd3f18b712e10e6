package im.stanzabus.sender;

import im.stanzabus.bus.Bus;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SessionEvent.Inbound;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Plays the owners of all accounts in all processes: what comes again is known by its origin, as
/// the message log knows it.
final class FakeOwner {
    private record Held(Bus bus, Inbound inbound) {}

    private final List<Inbound> arrived = new ArrayList<>();
    private final List<String> taken = new ArrayList<>();
    private final Set<Origin> known = new HashSet<>();
    private final List<Held> held = new ArrayList<>();
    private boolean accepts = true;

    synchronized void receive(Bus bus, SessionEvent.Batch batch) {
        for (SessionEvent event : batch.events()) {
            Inbound inbound = (Inbound) event;
            arrived.add(inbound);
            if (known.add(inbound.identity())) {
                taken.add(inbound.stanza().id());
            }
            if (accepts) {
                accept(bus, inbound);
            } else {
                held.add(new Held(bus, inbound));
            }
        }
    }

    private static void accept(Bus bus, Inbound inbound) {
        bus.send(
                inbound.replyTo(),
                new SessionEvent.Batch(List.of(new SessionEvent.Accepted(
                        inbound.sender(),
                        inbound.origin(),
                        inbound.epoch(),
                        inbound.stanza().isPresence() ? inbound.stanza().type() : null))));
    }

    /// From now on nothing is accepted.
    synchronized void hold() {
        accepts = false;
    }

    /// Everything is accepted, what has come before too.
    synchronized void release() {
        accepts = true;
        held.forEach(each -> accept(each.bus(), each.inbound()));
        held.clear();
    }

    /// Everything that has come, as often as it has come.
    synchronized List<Inbound> arrived() {
        return List.copyOf(arrived);
    }

    /// The ids of the stanzas that have come, once each, in order.
    synchronized List<String> taken() {
        return List.copyOf(taken);
    }
}
