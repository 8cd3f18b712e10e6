package im.stanzabus.drill.fault;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/// The order of the faults: rounds with every fault once, each in an order of its own that follows from the seed.
public final class FaultPlan {
    private final List<Fault> faults;
    private final Random random;
    private final Deque<Fault> round = new ArrayDeque<>();
    private int rounds;

    /// @throws IllegalArgumentException if there is no fault
    public FaultPlan(List<Fault> faults, Random random) {
        if (faults.isEmpty()) {
            throw new IllegalArgumentException("there is no fault to plan");
        }
        this.faults = List.copyOf(faults);
        this.random = random;
    }

    /// The next fault.
    public Fault next() {
        if (round.isEmpty()) {
            List<Fault> order = new ArrayList<>(faults);
            Collections.shuffle(order, random);
            round.addAll(order);
            rounds++;
        }
        return round.remove();
    }

    /// How many rounds have been completed.
    public int completedRounds() {
        return round.isEmpty() ? rounds : rounds - 1;
    }
}
