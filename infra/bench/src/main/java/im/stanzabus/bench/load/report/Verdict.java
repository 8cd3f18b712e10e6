package im.stanzabus.bench.load.report;

import im.stanzabus.bench.load.client.Mishaps;
import im.stanzabus.bench.load.measure.Timing;
import im.stanzabus.bench.load.scenario.Result;
import java.util.List;

/// All that a run has to tell.
///
/// @param server its address and domain
/// @param labels of the processes that were watched
/// @param expected how many results there are where nothing goes wrong
public record Verdict(
        String server, List<String> labels, Timing timing, List<Result> results, int expected, Mishaps mishaps) {
    public Verdict {
        labels = List.copyOf(labels);
        results = List.copyOf(results);
    }

    /// Whether the figures mean something: everybody got in and stayed, and everything arrived once.
    public boolean isValid() {
        return mishaps.count() == 0
                && results.size() == expected
                && results.stream()
                        .allMatch(result ->
                                result.losses().areNone() && result.windows().size() == timing.windows());
    }
}
