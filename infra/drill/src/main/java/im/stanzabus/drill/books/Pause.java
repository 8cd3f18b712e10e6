package im.stanzabus.drill.books;

import java.util.List;
import java.util.stream.IntStream;

/// The pauses of all faults of one kind, in milliseconds.
///
/// @param kind the kind of fault
/// @param messages per fault, the longest that a message of clients that were not touched waited for its delivery,
///     counted from the fault
/// @param acknowledgements the same for the `<a/>`
/// @param requests the same for requests to the services
/// @param away per fault, how long the touched clients were away; -1 if there were none
/// @param goal the limit, -1 if there is none
public record Pause(
        String kind,
        List<Long> messages,
        List<Long> acknowledgements,
        List<Long> requests,
        List<Long> away,
        long goal) {

    /// How many faults of this kind there were.
    public int times() {
        return messages.size();
    }

    /// How long touched clients were away, without the faults that touched none.
    public List<Long> clientsBack() {
        return away.stream().filter(time -> time >= 0).toList();
    }

    /// What counts against the goal: no part of the service was away for longer.
    public long longest() {
        return IntStream.range(0, times()).mapToLong(this::longest).max().orElse(0);
    }

    private long longest(int fault) {
        return Math.max(messages.get(fault), Math.max(requests.get(fault), away.get(fault)));
    }

    /// How many of the faults kept to the goal.
    public int timesWithinGoal() {
        return (int) IntStream.range(0, times())
                .filter(fault -> goal < 0 || longest(fault) <= goal)
                .count();
    }

    public boolean isWithinGoal() {
        return timesWithinGoal() == times();
    }

    /// The longest of them, 0 if there are none.
    public static long longest(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /// The middle one of them, 0 if there are none.
    public static long median(List<Long> values) {
        List<Long> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get((sorted.size() - 1) / 2);
    }
}
