package im.stanzabus.roster;

import im.stanzabus.bus.api.RosterRequest.Sharing;
import im.stanzabus.stanza.StanzaType;
import org.jspecify.annotations.Nullable;

/// What a subscription stanza does.
///
/// @param before how the user stood to the contact
/// @param after how the user stands to the contact from now on
/// @param passed the stanza itself is routed to the contact, or delivered to the user
/// @param reply what the server answers to the contact on the user's behalf
/// @param sharing whether the contact must be sent the user's presence, or its end
record Transition(
        Standing before,
        Standing after,
        boolean passed,
        @Nullable StanzaType reply,
        @Nullable Sharing sharing) {

    /// Nothing happens.
    static Transition ignored(Standing standing) {
        return new Transition(standing, standing, false, null, null);
    }

    /// The stanza goes on, with a state that may have changed.
    static Transition passed(Standing before, Standing after) {
        return new Transition(before, after, true, null, sharing(before, after));
    }

    /// The stanza stays here, with a state that may have changed.
    static Transition kept(Standing before, Standing after) {
        return new Transition(before, after, false, null, sharing(before, after));
    }

    Transition replying(StanzaType type) {
        return new Transition(before, after, passed, type, sharing);
    }

    /// The contact must be sent the user's presence even though it was subscribed already.
    Transition sharingAgain() {
        return new Transition(before, after, passed, reply, Sharing.STARTED);
    }

    /// A roster push follows.
    boolean pushed() {
        return !before.showsLike(after);
    }

    private static @Nullable Sharing sharing(Standing before, Standing after) {
        if (before.state().from() == after.state().from()) {
            return null;
        }
        return after.state().from() ? Sharing.STARTED : Sharing.ENDED;
    }
}
