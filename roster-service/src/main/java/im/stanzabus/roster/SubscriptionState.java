package im.stanzabus.roster;

import im.stanzabus.bus.api.RosterItem.Subscription;

/// The nine subscription states of a user towards a contact (RFC 6121 Appendix A.1), seen from the user. A
/// contact that is not in the roster is in NONE, or in NONE_PENDING_IN while its request waits.
enum SubscriptionState {
    NONE(Subscription.NONE, false, false),
    NONE_PENDING_OUT(Subscription.NONE, true, false),
    NONE_PENDING_IN(Subscription.NONE, false, true),
    NONE_PENDING_OUT_IN(Subscription.NONE, true, true),
    TO(Subscription.TO, false, false),
    TO_PENDING_IN(Subscription.TO, false, true),
    FROM(Subscription.FROM, false, false),
    FROM_PENDING_OUT(Subscription.FROM, true, false),
    BOTH(Subscription.BOTH, false, false);

    private final Subscription subscription;
    private final boolean pendingOut;
    private final boolean pendingIn;

    SubscriptionState(Subscription subscription, boolean pendingOut, boolean pendingIn) {
        this.subscription = subscription;
        this.pendingOut = pendingOut;
        this.pendingIn = pendingIn;
    }

    /// The state with these properties. A request in a direction that is subscribed already has no meaning and
    /// is left out.
    static SubscriptionState of(Subscription subscription, boolean pendingOut, boolean pendingIn) {
        return switch (subscription) {
            case NONE ->
                pendingOut
                        ? (pendingIn ? NONE_PENDING_OUT_IN : NONE_PENDING_OUT)
                        : (pendingIn ? NONE_PENDING_IN : NONE);
            case TO -> pendingIn ? TO_PENDING_IN : TO;
            case FROM -> pendingOut ? FROM_PENDING_OUT : FROM;
            case BOTH -> BOTH;
            case REMOVE -> throw new IllegalArgumentException("not a state of a contact: remove");
        };
    }

    /// What the roster shows.
    Subscription subscription() {
        return subscription;
    }

    /// The user sees the contact's presence.
    boolean to() {
        return subscription == Subscription.TO || subscription == Subscription.BOTH;
    }

    /// The contact sees the user's presence.
    boolean from() {
        return subscription == Subscription.FROM || subscription == Subscription.BOTH;
    }

    /// The user's request is unanswered; the roster shows `ask='subscribe'`.
    boolean pendingOut() {
        return pendingOut;
    }

    /// The contact's request is unanswered; the roster does not show it.
    boolean pendingIn() {
        return pendingIn;
    }

    /// With the user's request waiting; no change where the user is subscribed already.
    SubscriptionState asking() {
        return of(subscription, true, pendingIn);
    }

    /// With the contact's request waiting; no change where the contact is subscribed already.
    SubscriptionState asked() {
        return of(subscription, pendingOut, true);
    }

    /// With the user subscribed to the contact.
    SubscriptionState withTo() {
        return of(from() ? Subscription.BOTH : Subscription.TO, false, pendingIn);
    }

    /// With the user neither subscribed nor asking.
    SubscriptionState withoutTo() {
        return of(from() ? Subscription.FROM : Subscription.NONE, false, pendingIn);
    }

    /// With the contact subscribed to the user.
    SubscriptionState withFrom() {
        return of(to() ? Subscription.BOTH : Subscription.FROM, pendingOut, false);
    }

    /// With the contact neither subscribed nor asking.
    SubscriptionState withoutFrom() {
        return of(to() ? Subscription.TO : Subscription.NONE, pendingOut, false);
    }
}
