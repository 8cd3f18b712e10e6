package im.stanzabus.roster;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;

/// Refuses what is against the limits, each with the error that RFC 6121 section 2.3.3 names, or
/// `policy-violation` where it names none.
final class RosterLimits {
    private final RosterConfig config;

    RosterLimits(RosterConfig config) {
        this.config = config;
    }

    /// Checks the form of a roster set.
    void check(RosterRequest.Set set) {
        if (set.contact().equals(set.account().bare())) {
            throw refused(Condition.NOT_ALLOWED, "an account cannot be in its own roster");
        }
        if (set.remove()) {
            return;
        }
        if (set.name() != null && tooLong(set.name(), config.maxNameBytes())) {
            throw refused(Condition.NOT_ACCEPTABLE, "the name is longer than " + config.maxNameBytes() + " bytes");
        }
        if (set.groups().size() > config.maxGroups()) {
            throw refused(Condition.NOT_ACCEPTABLE, "more than " + config.maxGroups() + " groups");
        }
        for (String group : set.groups()) {
            if (group.isEmpty()) {
                throw refused(Condition.NOT_ACCEPTABLE, "a group without a name");
            }
            if (tooLong(group, config.maxGroupBytes())) {
                throw refused(Condition.NOT_ACCEPTABLE, "a group longer than " + config.maxGroupBytes() + " bytes");
            }
        }
        if (new HashSet<>(set.groups()).size() < set.groups().size()) {
            throw refused(Condition.BAD_REQUEST, "the same group twice");
        }
    }

    /// Checks that one contact more fits into a roster of that size.
    void checkContacts(long before) {
        if (before >= config.maxContacts()) {
            throw refused(Condition.POLICY_VIOLATION, "the roster is full: " + config.maxContacts() + " contacts");
        }
    }

    /// Checks the size of a subscription request that has to be kept.
    void checkRequest(Stanza request) {
        if (request.payload().bytes().length > config.maxRequestBytes()) {
            throw refused(Condition.POLICY_VIOLATION, "the subscription request is too long");
        }
    }

    /// Checks that one request more may wait beside so many. The oldest is not dropped for it: else anybody
    /// could push out the requests that the user wants to see. What is refused as one to `wait` for is asked again.
    void checkRequests(long before) {
        if (before >= config.maxRequests()) {
            throw refused(Condition.POLICY_VIOLATION, "too many subscription requests wait for an answer");
        }
    }

    /// Checks the length of a block list.
    void checkBlocked(long length) {
        if (length > config.maxBlocked()) {
            throw refused(Condition.POLICY_VIOLATION, "the block list is full: " + config.maxBlocked() + " entries");
        }
    }

    private static boolean tooLong(String text, int maxBytes) {
        return text.length() > maxBytes || text.getBytes(StandardCharsets.UTF_8).length > maxBytes;
    }

    private static BusFailure refused(Condition condition, String text) {
        return new BusFailure(StanzaError.of(condition, text), text);
    }
}
