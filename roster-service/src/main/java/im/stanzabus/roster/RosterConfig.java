package im.stanzabus.roster;

import im.stanzabus.launcher.config.Settings;
import java.time.Duration;

/// The limits of rosters and block lists.
///
/// @param maxContacts contacts in one roster
/// @param maxNameBytes length of a contact's name in UTF-8
/// @param maxGroups groups of one contact
/// @param maxGroupBytes length of a group's name in UTF-8
/// @param maxRequests subscription requests of one account that wait for an answer
/// @param maxRequestBytes length of one such request's content
/// @param maxBlocked entries in one block list
/// @param removedKept removed contacts that one roster remembers for clients with an older version
/// @param removedKeptFor how long it remembers them
public record RosterConfig(
        int maxContacts,
        int maxNameBytes,
        int maxGroups,
        int maxGroupBytes,
        int maxRequests,
        int maxRequestBytes,
        int maxBlocked,
        int removedKept,
        Duration removedKeptFor) {
    static final RosterConfig DEFAULTS =
            new RosterConfig(1_000, 1_023, 50, 1_023, 100, 16_384, 1_000, 100, Duration.ofDays(90));

    private static final int MANY = 100_000;

    static RosterConfig from(Settings settings) {
        Duration keptFor = settings.duration("removed-kept-for", DEFAULTS.removedKeptFor);
        if (keptFor.isNegative()) {
            settings.error("removed-kept-for", "must not be negative");
        }
        return new RosterConfig(
                settings.number("max-contacts", DEFAULTS.maxContacts, 1, MANY),
                settings.bytes("max-name-bytes", DEFAULTS.maxNameBytes, 1, MANY),
                settings.number("max-groups", DEFAULTS.maxGroups, 0, MANY),
                settings.bytes("max-group-bytes", DEFAULTS.maxGroupBytes, 1, MANY),
                settings.number("max-requests", DEFAULTS.maxRequests, 0, MANY),
                settings.bytes("max-request-bytes", DEFAULTS.maxRequestBytes, 0, 1_048_576),
                settings.number("max-blocked", DEFAULTS.maxBlocked, 0, MANY),
                settings.number("removed-kept", DEFAULTS.removedKept, 0, MANY),
                keptFor);
    }
}
