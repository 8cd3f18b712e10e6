package im.stanzabus.s2s.policy;

import im.stanzabus.launcher.config.Settings;
import java.time.Duration;

/// What is kept for one remote domain.
///
/// @param stanzas that wait for a stream, or for the peer's acknowledgement
/// @param bytes of them
/// @param time how long a stanza waits for a stream
public record QueueLimits(int stanzas, int bytes, Duration time) {
    public static QueueLimits read(Settings settings) {
        return new QueueLimits(
                settings.number("stanzas", 1_000, 1, 1_000_000),
                settings.bytes("bytes", 4 << 20, 65_536, 1 << 30),
                Times.positive(settings, "time", Duration.ofSeconds(30)));
    }
}
