package im.stanzabus.drill.fault;

import java.time.Duration;

/// How long faults last.
///
/// @param down a killed process is started again after this time
/// @param frozen a frozen process goes on after this time
/// @param databaseDown a killed database is started again after this time
/// @param split a split network is healed after this time
/// @param whole the cluster must be whole again within this time
public record Timing(Duration down, Duration frozen, Duration databaseDown, Duration split, Duration whole) {
    /// The usual times.
    public static Timing usual() {
        return new Timing(
                Duration.ofSeconds(3),
                Duration.ofSeconds(8),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                Duration.ofMinutes(1));
    }
}
