package im.stanzabus.roster;

/// How a user stands to a contact.
///
/// @param state who is subscribed to whom, and who has asked
/// @param approved the user approved requests of the contact beforehand (RFC 6121 section 3.4)
record Standing(SubscriptionState state, boolean approved) {
    /// Nothing is known of each other.
    static final Standing STRANGERS = new Standing(SubscriptionState.NONE, false);

    Standing with(SubscriptionState other) {
        return new Standing(other, approved);
    }

    Standing withApproved(boolean other) {
        return new Standing(state, other);
    }

    /// True if the roster shows the same for both.
    boolean showsLike(Standing other) {
        return state.subscription() == other.state.subscription()
                && state.pendingOut() == other.state.pendingOut()
                && approved == other.approved;
    }
}
