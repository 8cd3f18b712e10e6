package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Notices when processes with gateways die: their connections are lost. Confined to the partition's context.
final class Gateways {
    private final Accounts accounts;
    private final Consumer<SessionEvent> events;
    private Set<NodeId> living;

    /// Out of view at the last sweep, with connections.
    private Set<NodeId> missing = Set.of();

    /// @param events told what the gateway would have said of each of its connections
    Gateways(View view, Accounts accounts, Consumer<SessionEvent> events) {
        this.accounts = accounts;
        this.events = events;
        living = nodes(view);
    }

    void changed(View view) {
        Set<NodeId> before = living;
        living = nodes(view);
        before.removeAll(living);
        if (before.isEmpty()) {
            return;
        }
        lost(before);
    }

    /// Finds connections of processes that were gone already when something of theirs was handled, and
    /// are out of view for two sweeps: a process that has just come is perhaps not in view yet. Called
    /// every five seconds.
    void sweep() {
        Set<NodeId> now = new HashSet<>();
        for (Account account : accounts.all()) {
            for (Resource resource : account.resources()) {
                NodeId node = node(resource);
                if (resource.isAttached() && !living.contains(node)) {
                    now.add(node);
                }
            }
        }
        Set<NodeId> before = missing;
        missing = now;
        Set<NodeId> dead = new HashSet<>(now);
        dead.retainAll(before);
        if (!dead.isEmpty()) {
            lost(dead);
        }
    }

    private void lost(Set<NodeId> nodes) {
        List<SessionEvent> lost = new ArrayList<>();
        for (Account account : accounts.all()) {
            if (account.open) { // of others it is found out when they are loaded
                for (Resource resource : account.resources()) {
                    if (resource.isAttached() && nodes.contains(node(resource))) {
                        lost.add(Loading.ended(resource));
                    }
                }
            }
        }
        lost.forEach(events);
    }

    private static NodeId node(Resource resource) {
        return Addresses.nodeOf(resource.connection().gateway());
    }

    private static Set<NodeId> nodes(View view) {
        Set<NodeId> nodes = new HashSet<>();
        view.members().forEach(member -> nodes.add(member.node()));
        return nodes;
    }
}
