package im.stanzabus.drill.books;

import java.util.List;

/// What a drill has shown.
///
/// @param tally the books
/// @param pauses by kind of fault
/// @param incidents every fault as it happened
/// @param failures what else should not have happened, such as a cluster that did not become whole again
/// @param notes what the reader must know, such as faults that were not possible
public record Verdict(
        Tally tally, List<Pause> pauses, List<Incident> incidents, List<String> failures, List<String> notes) {
    /// Whether nothing was lost, doubled or out of order and the cluster recovered from every fault.
    public boolean isKept() {
        return tally.isClean() && failures.isEmpty();
    }

    public boolean arePausesWithinGoals() {
        return pauses.stream().allMatch(Pause::isWithinGoal);
    }
}
