package im.stanzabus.launcher;

import im.stanzabus.bus.Membership;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one that all members of a cluster must live on. Its id is no proof: a copy of a database, such as
/// a backup that was restored, has the same; but the members do not live on that.
///
/// @param living asks the database of this process who lives on it
record SharedDatabase(Supplier<Future<Set<String>>> living) {
    private static final Logger LOG = LoggerFactory.getLogger(SharedDatabase.class);
    private static final Duration STEP_LIMIT = Duration.ofSeconds(5);

    /// Who leaves may be off the database already, and who reaches it again may not be back.
    private static final Duration PATIENCE = Duration.ofSeconds(6);

    private static final long RETRY_MILLIS = 250;

    /// Blocks until one of the members that this process has joined lives on its database, or it knows of
    /// none.
    ///
    /// @throws StartupException if they all live elsewhere
    void check(Membership membership) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            List<String> others = membership.view().members().stream()
                    .filter(member -> !member.node().equals(membership.self()))
                    .map(member -> member.node().name())
                    .toList();
            if (others.isEmpty() || knowsOneOf(others)) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new StartupException("the cluster that was found lives on another database or does not reach it: "
                        + String.join(", ", others)
                        + "; if this one is a copy, processes on it need a cluster.name of their own");
            }
            pause();
        }
    }

    private boolean knowsOneOf(List<String> others) {
        try {
            Set<String> there = Blocking.await(living.get(), STEP_LIMIT, "asking who lives on the database");
            return others.stream().anyMatch(there::contains);
        } catch (RuntimeException e) {
            LOG.debug("the database does not say who lives on it", e);
            return false;
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("joining was interrupted");
        }
    }
}
