package im.stanzabus.cluster.lease;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides when a process is isolated: a higher side lives in PostgreSQL for three seconds without being
/// seen, or members were lost and PostgreSQL cannot be asked for four seconds whether they live. Times come
/// with each call. Confined to one thread.
final class IsolationRule {
    static final Duration UNSEEN = Duration.ofSeconds(3);
    static final Duration UNREACHED = Duration.ofSeconds(4);

    /// Without a call for so long the process itself stood still.
    static final Duration STANDSTILL = Duration.ofMillis(1_500);

    private final String self;
    private long calledAt;
    private long answeredAt;
    private long outrankedSince;
    private boolean outranked;
    private boolean lost;
    private @Nullable String reason;

    IsolationRule(String self, long now) {
        this.self = self;
        this.answeredAt = now;
        this.calledAt = now;
    }

    /// To be called twice a second. Time in which the process itself was frozen says nothing about others.
    void tick(long now) {
        if (now - calledAt > STANDSTILL.toNanos()) {
            answeredAt = now;
            outranked = false;
        }
        calledAt = now;
    }

    /// Members are gone that had not said that they would leave.
    void lost() {
        lost = true;
    }

    /// PostgreSQL has answered.
    ///
    /// @return why the process is isolated; null if it is not
    @Nullable
    String answered(long now, Set<String> sees, Map<String, Set<String>> others) {
        answeredAt = now;
        lost = false;
        String higher = Sides.outranking(self, sees, others);
        if (higher == null) {
            outranked = false;
            reason = null;
            return null;
        }
        if (!outranked) {
            outranked = true;
            outrankedSince = now;
        }
        if (now - outrankedSince > UNSEEN.toNanos()) {
            reason = "it does not see " + higher + ", which lives and is on the larger side of the cluster";
        }
        return reason;
    }

    /// PostgreSQL has not answered.
    ///
    /// @return why the process is isolated; null if it is not
    @Nullable
    String unanswered(long now) {
        if (reason == null && lost && now - answeredAt > UNREACHED.toNanos()) {
            reason = "it lost members of its cluster and cannot ask PostgreSQL whether they live";
        }
        return reason;
    }
}
