package im.stanzabus.bus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rendezvous hashing: which of some candidates a key falls to. When candidates come or go, only the keys
/// that fall to them move. Pure.
public final class Rendezvous {
    private Rendezvous() {}

    /// @param key a slot's number, or the hash of a name
    /// @return the candidate with the highest weight for the key; null if there are none
    public static @Nullable String choose(int key, List<String> candidates) {
        return choose(key, candidates, hashes(candidates));
    }

    /// Chooses for the keys 0 up to a number; nulls if there are no candidates.
    public static @Nullable String[] chooseAll(int keys, List<String> candidates) {
        long[] hashes = hashes(candidates);
        @Nullable String[] chosen = new @Nullable String[keys];
        for (int key = 0; key < keys; key++) {
            chosen[key] = choose(key, candidates, hashes);
        }
        return chosen;
    }

    private static @Nullable String choose(int key, List<String> candidates, long[] hashes) {
        String best = null;
        long highest = 0;
        for (int i = 0; i < hashes.length; i++) {
            String candidate = candidates.get(i);
            long weight = mix(hashes[i] + key * 0x9e3779b97f4a7c15L);
            boolean better = best == null || weight > highest || (weight == highest && candidate.compareTo(best) < 0);
            if (better) {
                best = candidate;
                highest = weight;
            }
        }
        return best;
    }

    private static long[] hashes(List<String> candidates) {
        return candidates.stream().mapToLong(Rendezvous::hash).toArray();
    }

    /// The same in every process and version.
    private static long hash(String candidate) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < candidate.length(); i++) {
            hash = (hash ^ candidate.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /// The finalizer of a 64-bit mixer.
    private static long mix(long value) {
        long mixed = value;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
