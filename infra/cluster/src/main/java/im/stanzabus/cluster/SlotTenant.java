package im.stanzabus.cluster;

import io.vertx.core.Future;
import java.util.Set;

/// What a session manager does as its slots come and go. Called on its context.
public interface SlotTenant {
    /// The slots are ours, and gateways have been asked to announce their connections. Announcements are
    /// taken; other events for the slots are held until {@link #opened}.
    void claimed(Set<Integer> slots);

    /// Every gateway has announced, or is dead or too late: events are handled from now on.
    void opened(Set<Integer> slots);

    /// The slots are about to be given to another. Nothing new is begun for them; completes when nothing
    /// is under way.
    Future<Void> closing(Set<Integer> slots);

    /// The slots are not ours any more: everything of them is forgotten, nobody is told anything.
    void lost(Set<Integer> slots);
}
