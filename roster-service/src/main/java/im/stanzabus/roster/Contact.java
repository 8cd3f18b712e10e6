package im.stanzabus.roster;

import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.stanza.Jid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that is known of one contact of an account.
///
/// @param jid bare
/// @param listed it is in the roster; one that is not may still wait for an answer to its request
/// @param name the user's name for it
/// @param groups without duplicates
/// @param standing how the user stands to it
record Contact(Jid jid, boolean listed, @Nullable String name, List<String> groups, Standing standing) {

    /// In the roster under this name and in these groups, with the same subscription.
    Contact listedAs(@Nullable String otherName, List<String> otherGroups) {
        return new Contact(jid, true, otherName, otherGroups, standing);
    }

    /// In the roster with another standing.
    Contact listedWith(Standing other) {
        return new Contact(jid, true, name, groups, other);
    }

    /// The item that the roster shows.
    RosterItem toItem() {
        return new RosterItem(
                jid,
                name,
                groups,
                standing.state().subscription(),
                standing.state().pendingOut(),
                standing.approved());
    }
}
