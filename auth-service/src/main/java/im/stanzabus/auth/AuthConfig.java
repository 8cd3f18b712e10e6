package im.stanzabus.auth;

import im.stanzabus.auth.sasl.Mechanism;
import im.stanzabus.auth.throttle.LoginThrottle;
import im.stanzabus.launcher.config.Settings;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The section `auth-service` of the configuration.
///
/// @param mechanisms what may be offered at all; PLAIN is for encrypted streams, ANONYMOUS and EXTERNAL
///     for hosts that allow them
/// @param iterations of PBKDF2 for new passwords (RFC 7677 section 4: 4096 at least). Accounts that do not
/// exist seem to
///     have this many, so after a change older accounts can be told from them until their passwords are
///     set anew
/// @param passwordThreads passwords (PLAIN, new ones) that are worked on at a time
/// @param passwordQueue passwords that may wait; others are turned away for the moment
/// @param loginLimits failures after which logins are turned away for a while
/// @param registrationsPerAddress registrations from one address within the window
/// @param registrationWindow how long a registration counts
/// @param removalRetry how often removals that did not finish are gone on with
public record AuthConfig(
        Set<Mechanism> mechanisms,
        int iterations,
        int passwordThreads,
        int passwordQueue,
        LoginThrottle.Limits loginLimits,
        int registrationsPerAddress,
        Duration registrationWindow,
        Duration removalRetry) {

    private static final int MANY = 1_000_000;

    /// Reads the section; wrong values are noted in the settings.
    static AuthConfig read(Settings settings) {
        Settings throttle = settings.section("throttle");
        Settings registration = settings.section("registration");
        return new AuthConfig(
                mechanisms(settings),
                settings.number("iterations", 10_000, 4_096, MANY),
                settings.number("password-threads", 2, 1, 64),
                settings.number("password-queue", 200, 1, 100_000),
                new LoginThrottle.Limits(
                        atLeastOneSecond(throttle, "window", Duration.ofMinutes(5)),
                        throttle.number("per-account-and-address", 10, 1, MANY),
                        throttle.number("per-address", 100, 1, MANY),
                        throttle.number("per-account", 200, 1, MANY)),
                registration.number("per-address", 3, 1, MANY),
                atLeastOneSecond(registration, "window", Duration.ofHours(1)),
                atLeastOneSecond(settings, "removal-retry", Duration.ofSeconds(30)));
    }

    private static Set<Mechanism> mechanisms(Settings settings) {
        List<String> all =
                EnumSet.allOf(Mechanism.class).stream().map(Mechanism::wire).toList();
        EnumSet<Mechanism> mechanisms = EnumSet.noneOf(Mechanism.class);
        for (String name : settings.list("mechanisms", all)) {
            Mechanism mechanism = Mechanism.byName(name);
            if (mechanism == null) {
                settings.error("mechanisms", "unknown mechanism " + name + ", known are " + String.join(", ", all));
            } else {
                mechanisms.add(mechanism);
            }
        }
        if (mechanisms.isEmpty()) {
            settings.error("mechanisms", "names no mechanism");
            return EnumSet.allOf(Mechanism.class);
        }
        return mechanisms;
    }

    private static Duration atLeastOneSecond(Settings settings, String key, Duration defaultValue) {
        Duration value = settings.duration(key, defaultValue);
        if (value.compareTo(Duration.ofSeconds(1)) < 0) {
            settings.error(key, "must be at least 1 s");
            return defaultValue;
        }
        return value;
    }
}
