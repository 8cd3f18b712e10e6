package im.stanzabus.cluster.lease;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The sides of a split network, as told by what each living process sees. Pure.
final class Sides {
    private Sides() {}

    /// A living process that is not seen here and whose side outranks ours: it is larger, or of the same size
    /// and has the smallest name. A side is a process with those that see it and are seen by it. Who has not
    /// joined yet has no side.
    ///
    /// @param self this process
    /// @param sees what it sees, itself included
    /// @param others the other living processes, each with what it sees
    static @Nullable String outranking(String self, Set<String> sees, Map<String, Set<String>> others) {
        Set<String> own = side(self, sees, self, sees, others);
        for (String other : new TreeSet<>(others.keySet())) {
            Set<String> theirs = others.getOrDefault(other, Set.of());
            if (!sees.contains(other) && !theirs.isEmpty() && outranks(side(other, theirs, self, sees, others), own)) {
                return other;
            }
        }
        return null;
    }

    private static Set<String> side(
            String node, Set<String> seen, String self, Set<String> selfSees, Map<String, Set<String>> others) {
        Set<String> side = new TreeSet<>(Set.of(node));
        for (String candidate : seen) {
            Set<String> back = candidate.equals(self) ? selfSees : others.getOrDefault(candidate, Set.of());
            if (back.contains(node)) {
                side.add(candidate);
            }
        }
        return side;
    }

    private static boolean outranks(Set<String> side, Set<String> own) {
        return side.size() > own.size()
                || (side.size() == own.size() && Collections.min(side).compareTo(Collections.min(own)) < 0);
    }
}
