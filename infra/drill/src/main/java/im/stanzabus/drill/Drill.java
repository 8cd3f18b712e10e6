package im.stanzabus.drill;

import im.stanzabus.drill.books.Goals;
import im.stanzabus.drill.books.Incident;
import im.stanzabus.drill.books.Pauses;
import im.stanzabus.drill.books.Tally;
import im.stanzabus.drill.books.Verdict;
import im.stanzabus.drill.client.Population;
import im.stanzabus.drill.fault.Blocking;
import im.stanzabus.drill.fault.Fault;
import im.stanzabus.drill.fault.FaultPlan;
import im.stanzabus.drill.fault.Faults;
import im.stanzabus.drill.fault.Timing;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A drill from beginning to end: a cluster, clients, faults one after the other, and the verdict of the
/// clients' books. Blocks; whatever happens, no process and no network is left behind once it is closed.
public final class Drill implements AutoCloseable {
    private static final String CALM = "(none)";
    private static final int CALM_MILLIS = 2_000;
    private static final int CALM_LONGER_MILLIS = 2_000;
    private static final int WARM_UP_MILLIS = 6_000;
    private static final int LAST_LOGIN_MILLIS = 3_000;
    private static final long SETTLE_SECONDS = 60;
    private static final int POLL_MILLIS = 200;

    private final DrillOptions options;
    private final Progress progress;
    private final long origin = System.nanoTime();
    private final Instant begin = Instant.now();
    private final Random random;
    private final List<Incident> incidents = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final Rig rig;
    private volatile @Nullable Population talking;

    /// @param out where progress is told
    public Drill(DrillOptions options, Consumer<String> out) {
        this.options = options;
        this.progress = new Progress(out, origin);
        this.random = new Random(options.seed());
        this.rig = new Rig(options, progress);
    }

    /// Runs the drill.
    ///
    /// @throws IOException if it cannot be started, or the cluster is beyond recovery
    /// @throws IllegalArgumentException if there is no such fault
    public Verdict run() throws IOException {
        List<Fault> all = Fault.all(options.layout(), options.oldPath() != null);
        List<Fault> chosen = options.faults().isEmpty() ? all : Fault.select(all, options.faults());
        if (options.oldPath() != null) {
            notes.add("All processes began with the server of " + options.oldPath() + ".");
        }
        rig.build(chosen.stream().anyMatch(Fault::needsNetwork));
        List<Fault> possible = possible(chosen);
        Population population = rig.populate(origin, new Random(options.seed()));
        awaitClients(population);
        Blocking.await(population.talk(true));
        talking = population;
        calm(population, WARM_UP_MILLIS);
        Faults faults = new Faults(rig.cluster(), rig.database(), rig.network(), population, Timing.usual(), random);
        FaultPlan plan = new FaultPlan(possible, random);
        while (plan.completedRounds() < options.rounds()
                && population.now() < options.limit().toMillis()) {
            Fault fault = plan.next();
            progress.say(fault.name());
            Incident incident = faults.happen(fault);
            incidents.add(incident);
            failures.addAll(incident.failures());
            progress.say(
                    "  " + (incident.victim().isEmpty() ? incident.kind() : incident.victim()) + ": whole again after "
                            + (incident.wholeAt() - incident.startedAt()) / 1000.0 + " s"
                            + (incident.touched().isEmpty()
                                    ? ""
                                    : ", " + incident.touched().size() + " clients touched")
                            + (incident.failures().isEmpty()
                                    ? ""
                                    : ", with " + incident.failures().size() + " failures"));
            calm(population, CALM_MILLIS + random.nextInt(CALM_LONGER_MILLIS));
        }
        if (plan.completedRounds() == 0
                && incidents.stream().allMatch(one -> one.kind().equals(CALM))) {
            failures.add("No fault has happened, so nothing is shown.");
        }
        return conclude(population);
    }

    private List<Fault> possible(List<Fault> chosen) throws IOException {
        String reason = rig.network().cannotSplit();
        List<Fault> possible = new ArrayList<>();
        for (Fault fault : chosen) {
            if (fault.needsNetwork() && !reason.isEmpty()) {
                notes.add(fault.name() + " was not possible here: " + reason);
                progress.say(notes.getLast());
            } else {
                possible.add(fault);
            }
        }
        if (possible.isEmpty()) {
            throw new IOException("none of the chosen faults is possible here: " + reason);
        }
        return possible;
    }

    private void awaitClients(Population population) throws IOException {
        progress.say(options.clients() + " clients log in");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS * 2);
        while (Blocking.await(population.state()).absent() > 0
                || !rig.cluster().misses().isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the cluster is not whole: "
                        + Blocking.await(population.state()).absent() + " clients are not online; "
                        + rig.cluster().misses() + "; ends of streams: "
                        + Blocking.await(population.ends()));
            }
            sleep(POLL_MILLIS);
        }
    }

    /// Lets some time pass in which nothing is done; its pauses are there to compare the others with.
    private void calm(Population population, int milliseconds) throws IOException {
        long begin = population.now();
        sleep(milliseconds);
        incidents.add(new Incident(CALM, "", begin, population.now() - milliseconds / 2, Set.of(), -1, List.of()));
    }

    /// Nobody sends any more, everybody comes online, and what is under way arrives. Then everybody logs in
    /// anew, to see whether something that was delivered comes again.
    private Verdict conclude(Population population) throws IOException {
        progress.say("settling");
        Blocking.await(population.talk(false));
        settle(population);
        Blocking.await(population.stop());
        sleep(POLL_MILLIS);
        Blocking.await(population.talk(false));
        sleep(LAST_LOGIN_MILLIS);
        settle(population);
        if (!Blocking.await(population.accountsThatMiss()).isEmpty()) {
            try {
                Blocking.await(population.searchArchives());
            } catch (IOException e) {
                notes.add("The archives could not be searched: " + e.getMessage());
            }
        }
        Map<String, Integer> ends = new TreeMap<>(Blocking.await(population.ends()));
        Blocking.await(population.stop());
        notes.add("Ends of streams as clients saw them: " + ends);
        return verdict(population, true);
    }

    /// What has been shown when the drill cannot be ended as it should be; null if nobody has sent anything. May be
    /// called from another thread; then nobody sends any more.
    ///
    /// @throws IOException if the clients do not answer
    public @Nullable Verdict soFar() throws IOException {
        Population population = talking;
        if (population == null) {
            return null;
        }
        Blocking.await(population.stop());
        return verdict(population, false);
    }

    private Verdict verdict(Population population, boolean complete) throws IOException {
        Tally tally = Blocking.await(population.tally());
        Pauses pauses = Blocking.await(population.pauses(goals()));
        List<Incident> happened = List.copyOf(incidents);
        List<String> remarks = new ArrayList<>(notes);
        remarks.add("Seed " + options.seed() + ", " + options.clients() + " clients, layout " + options.layout() + ", "
                + population.now() / 1000 + " s since " + begin.truncatedTo(ChronoUnit.MILLIS) + ".");
        return new Verdict(
                complete,
                tally,
                pauses.of(happened),
                happened.stream().filter(one -> !one.kind().equals(CALM)).toList(),
                List.copyOf(failures),
                remarks);
    }

    /// The pauses that people are promised, for kinds of processes of which a second one is there.
    private static Goals goals() {
        return new Goals()
                .with("kill-session-service", 3_000)
                .with("kill-postgresql", -1)
                .with("kill-server", -1)
                .with("kill-", 1_000)
                .with("freeze-server", -1)
                .with("freeze-", 10_000);
    }

    private void settle(Population population) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS);
        Population.State state = Blocking.await(population.state());
        while (state.absent() > 0 || state.unsettled() > 0 || state.missing() > 0) {
            if (System.nanoTime() > deadline) {
                failures.add("After " + SETTLE_SECONDS + " s without faults " + state.absent()
                        + " clients were not online, " + state.unsettled() + " messages not acknowledged, and "
                        + state.missing() + " not delivered.");
                return;
            }
            sleep(POLL_MILLIS);
            state = Blocking.await(population.state());
        }
        progress.say("everything has arrived: " + state.sent() + " messages");
    }

    private static void sleep(long milliseconds) throws IOException {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        rig.close();
    }
}
