package im.stanzabus.auth;

import io.micrometer.core.instrument.MeterRegistry;

/// What auth-service counts. Safe from any thread.
final class AuthMetrics {
    private final MeterRegistry registry;

    AuthMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /// A login that ended, well or not.
    void login(String mechanism, String outcome) {
        registry.counter("stanzabus.auth.logins", "mechanism", mechanism, "outcome", outcome)
                .increment();
    }

    /// A registration by an unknown client that was tried.
    void registration(boolean created) {
        registry.counter("stanzabus.auth.registrations", "outcome", created ? "created" : "refused")
                .increment();
    }
}
