package im.stanzabus.drill.books;

import java.util.ArrayList;
import java.util.List;

/// What a drill has shown.
///
/// @param complete false if the drill was broken off: then messages may have been under way
/// @param tally the books
/// @param pauses by kind of fault
/// @param incidents every fault as it happened
/// @param failures what else should not have happened, such as a cluster that did not become whole again
/// @param notes what the reader must know, such as faults that were not possible
public record Verdict(
        boolean complete,
        Tally tally,
        List<Pause> pauses,
        List<Incident> incidents,
        List<String> failures,
        List<String> notes) {
    /// The same with what broke the drill off.
    public Verdict brokenOffBy(String failure) {
        List<String> all = new ArrayList<>(failures);
        all.add(failure);
        return new Verdict(false, tally, pauses, incidents, List.copyOf(all), notes);
    }

    /// Whether nothing was lost, doubled or out of order and the cluster recovered from every fault.
    public boolean isKept() {
        return complete && tally.isClean() && failures.isEmpty();
    }

    public boolean arePausesWithinGoals() {
        return pauses.stream().allMatch(Pause::isWithinGoal);
    }
}
