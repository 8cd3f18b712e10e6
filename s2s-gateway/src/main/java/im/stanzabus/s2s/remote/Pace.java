package im.stanzabus.s2s.remote;

import java.time.Duration;

/// How a connection is looked for.
///
/// @param between two attempts at addresses of one target, if the first does not fail sooner (RFC 8305 section
///     5)
/// @param resolution how long IPv6 addresses are waited for when IPv4 addresses are there (RFC 8305 section 3)
/// @param patience how long nothing may happen at one target until the next one is tried besides
/// @param attempt how long an attempt at one address may take
/// @param whole how long all of it may take, with the look-up of names
public record Pace(Duration between, Duration resolution, Duration patience, Duration attempt, Duration whole) {
    /// What RFC 8305 section 8 recommends, and what people who wait can bear.
    public static final Pace DEFAULT = new Pace(
            Duration.ofMillis(250),
            Duration.ofMillis(50),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20));
}
