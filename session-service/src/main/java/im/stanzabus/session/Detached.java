package im.stanzabus.session;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Streams without a connection that may still be resumed (XEP-0198 section 5). Confined to the partition's
/// context.
final class Detached {
    private final StreamEnds ends;
    private final Placing placing;
    private final Set<Resource> resources = new LinkedHashSet<>();

    Detached(StreamEnds ends, Placing placing) {
        this.ends = ends;
        this.placing = placing;
    }

    /// The gateway of a resource says that it has it without a connection.
    void told(Resource resource) {
        placing.kept(resource);
        lost(resource);
    }

    /// The connection of a resource is lost.
    void lost(Resource resource) {
        if (!resource.isResumable()) {
            ends.gone(resource);
            return;
        }
        if (resource.isAttached()) {
            resource.detach(System.nanoTime());
            OfflineDelivery running = resource.account.offline;
            if (running != null) {
                running.resourceLost(resource);
            }
        }
        resources.add(resource);
        placing.isKept(resource, placing.gateways());
    }

    /// Ends streams that nobody has resumed in time, and looks after the others. Called every second.
    void sweep() {
        long now = System.nanoTime();
        List<Resource> overdue = new ArrayList<>();
        resources.removeIf(resource -> {
            if (resource.isGone() || resource.isAttached()) {
                return true;
            }
            boolean due = resource.isOverdue(now) && resource.account.open && resource.account.isLoaded();
            if (due) {
                overdue.add(resource);
            }
            return due;
        });
        for (Resource resource : overdue) {
            ends.end(resource, null);
        }
        List<String> gateways = placing.gateways();
        resources.forEach(resource -> placing.isKept(resource, gateways));
    }

    int size() {
        return resources.size();
    }
}
