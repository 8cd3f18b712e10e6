package im.stanzabus.drill.books;

import java.util.LinkedHashMap;
import java.util.Map;

/// How long a pause may be at most per kind of fault, in milliseconds. A kind without a goal is reported only.
public final class Goals {
    private final Map<String, Long> limits = new LinkedHashMap<>();

    /// The goal for all kinds that begin so; the goal that was given first counts.
    public Goals with(String start, long milliseconds) {
        limits.put(start, milliseconds);
        return this;
    }

    /// The limit of a kind, -1 if there is none.
    long of(String kind) {
        return limits.entrySet().stream()
                .filter(limit -> kind.startsWith(limit.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(-1L);
    }
}
