package im.stanzabus.launcher;

import java.util.Locale;

/// When a service starts: each stage when the one before is ready, all services of a stage at once.
/// Stopping goes the other way.
enum StartStage {
    /// What others ask: accounts, rosters, the message log.
    SERVICES,
    /// What uses the services.
    SESSIONS,
    /// What lets clients and other servers in.
    GATEWAYS;

    /// The stage of a service, which follows from its kind and so from its name.
    static StartStage of(String service) {
        if (service.endsWith("-gateway")) {
            return GATEWAYS;
        }
        return service.equals("session-service") ? SESSIONS : SERVICES;
    }

    /// For messages.
    String title() {
        return name().toLowerCase(Locale.ROOT);
    }
}
