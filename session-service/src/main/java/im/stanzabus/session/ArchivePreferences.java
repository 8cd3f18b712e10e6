package im.stanzabus.session;

import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.bus.api.LogRequest.ArchivePreference;
import im.stanzabus.stanza.Jid;
import java.util.Set;

/// What an account wants archived (XEP-0441), immutable.
///
/// @param preference what holds for a peer that is in neither list
/// @param always peers with whom all is archived
/// @param never peers with whom nothing is
record ArchivePreferences(ArchivePreference preference, Set<Jid> always, Set<Jid> never) {
    /// Of an account that has no log.
    static final ArchivePreferences NONE = new ArchivePreferences(ArchivePreference.NEVER, Set.of(), Set.of());

    static ArchivePreferences of(LogRequest.Standing standing) {
        return new ArchivePreferences(
                standing.preference(), Set.copyOf(standing.always()), Set.copyOf(standing.never()));
    }

    /// Whether messages with a peer are archived. A listed full JID matches that resource, a bare one all
    /// of them (section 2.3.1); the more precise entry counts, of two equal ones `never`.
    ///
    /// @param peer the other's address as it is in the message
    boolean want(Jid peer, Roster roster) {
        if (!always.isEmpty() || !never.isEmpty()) {
            if (never.contains(peer)) {
                return false;
            }
            if (always.contains(peer)) {
                return true;
            }
            if (never.contains(peer.bare())) {
                return false;
            }
            if (always.contains(peer.bare())) {
                return true;
            }
        }
        return switch (preference) {
            case ALWAYS -> true;
            case NEVER -> false;
            case ROSTER -> roster.item(peer) != null;
        };
    }
}
