package im.stanzabus.s2s.policy;

import im.stanzabus.launcher.config.Settings;
import java.time.Duration;

/// What is kept for one remote domain or component.
///
/// @param stanzas that wait for a stream, or that the peer may not have
/// @param bytes of them
/// @param time how long a stanza waits for a stream
public record QueueLimits(int stanzas, int bytes, Duration time) {
    public static QueueLimits read(Settings settings) {
        return read(settings, new QueueLimits(1_000, 4 << 20, Duration.ofSeconds(30)));
    }

    /// @param usual what holds where nothing is said
    public static QueueLimits read(Settings settings, QueueLimits usual) {
        return new QueueLimits(
                settings.number("stanzas", usual.stanzas(), 1, 1_000_000),
                settings.bytes("bytes", usual.bytes(), 65_536, 1 << 30),
                Times.positive(settings, "time", usual.time()));
    }
}
