package im.stanzabus.cluster;

import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;

/// Who may own which slots. Safe from any thread.
public interface Leases {
    /// Takes slots that nobody holds, or whose holder is dead. A slot that the owner holds already keeps
    /// its epoch.
    ///
    /// @param owner the address of a session manager of this process
    /// @return the slots that it holds now, of those asked for, each with its epoch
    Future<Map<Integer, Long>> claim(String owner, Set<Integer> slots);

    /// Gives slots back; the epochs stay.
    Future<Void> release(String owner, Set<Integer> slots);

    /// All slots that the owner holds, with their epochs.
    Future<Map<Integer, Long>> held(String owner);
}
