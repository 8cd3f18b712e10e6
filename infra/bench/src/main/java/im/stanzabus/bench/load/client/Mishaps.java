package im.stanzabus.bench.load.client;

import java.util.ArrayList;
import java.util.List;

/// What should not have happened. To be used by one thread.
public final class Mishaps {
    private static final int EXAMPLES = 8;

    private final List<String> examples = new ArrayList<>();
    private long count;

    public void add(String what) {
        count++;
        if (examples.size() < EXAMPLES) {
            examples.add(what.replaceAll("\\s+", " "));
        }
    }

    public long count() {
        return count;
    }

    /// The first few.
    public List<String> examples() {
        return List.copyOf(examples);
    }
}
