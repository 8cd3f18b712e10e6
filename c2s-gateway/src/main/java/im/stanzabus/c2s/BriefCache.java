package im.stanzabus.c2s;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/// Remembers answers for a few seconds, so that many clients who come at once cost one question. Keys must
/// be few. Confined to its context.
///
/// @param <K> what is asked
/// @param <V> what is answered
final class BriefCache<K, V> {
    private static final long NANOS = 5_000_000_000L;

    private record Asked<V>(Future<V> answer, long at) {}

    private final Map<K, Asked<V>> answers = new HashMap<>();
    private final Function<K, Future<V>> ask;

    BriefCache(Function<K, Future<V>> ask) {
        this.ask = ask;
    }

    Future<V> get(K key) {
        long now = System.nanoTime();
        Asked<V> known = answers.get(key);
        if (known != null && now - known.at() < NANOS && !known.answer().failed()) {
            return known.answer();
        }
        Future<V> answer = ask.apply(key);
        answers.put(key, new Asked<>(answer, now));
        return answer;
    }
}
