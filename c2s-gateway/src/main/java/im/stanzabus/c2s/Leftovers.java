package im.stanzabus.c2s;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Stanzas for connections that are gone, sent by owners that did not know it yet: they go back in another
/// {@link SessionEvent.Gone}. Remembers a connection for as long as its owner may take to learn, in bounded
/// memory. Confined to its context.
final class Leftovers {
    private static final long MEMORY_MILLIS = 60_000;
    private static final int MOST = 10_000;

    private record Former(Jid client, long at) {}

    private final Gateway gateway;
    private final Map<ConnectionId, Former> former = new LinkedHashMap<>();
    private final Map<ConnectionId, List<Stanza>> waiting = new LinkedHashMap<>();

    Leftovers(Gateway gateway) {
        this.gateway = gateway;
    }

    void remember(ConnectionId connection, Jid client) {
        former.put(connection, new Former(client, gateway.now()));
        if (former.size() > MOST) {
            Iterator<ConnectionId> oldest = former.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    void receive(ConnectionEvent.Deliver deliver) {
        // what is to be confirmed is kept by its owner anyhow
        if (!deliver.confirm() && former.containsKey(deliver.connection())) {
            waiting.computeIfAbsent(deliver.connection(), _ -> new ArrayList<>())
                    .add(deliver.stanza());
        }
    }

    /// Called after each bus message.
    void giveBack() {
        if (waiting.isEmpty()) {
            return;
        }
        waiting.forEach((connection, stanzas) -> {
            Former known = former.get(connection);
            if (known != null) {
                gateway.metrics().returned(stanzas.size());
                gateway.tell(new SessionEvent.Gone(connection, known.client(), stanzas));
            }
        });
        waiting.clear();
    }

    void sweep(long now) {
        former.values().removeIf(known -> now - known.at() > MEMORY_MILLIS);
    }
}
