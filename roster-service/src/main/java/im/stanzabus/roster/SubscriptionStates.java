package im.stanzabus.roster;

import im.stanzabus.stanza.StanzaType;
import java.util.ArrayList;
import java.util.List;

/// What each subscription stanza does in each state: RFC 6121 Appendix A with the pre-approval of section 3.4.
/// A pure function of the type and the standing.
final class SubscriptionStates {
    private SubscriptionStates() {}

    /// A stanza that the user sends to the contact (Appendix A.2).
    static Transition outbound(StanzaType type, Standing now) {
        SubscriptionState state = now.state();
        return switch (type) {
            // A.2.1: always routed, so that a request that was lost or forgotten can be made again.
            case SUBSCRIBE -> Transition.passed(now, now.with(state.asking()));
            // A.2.2: always routed, so that a contact that believes something else learns of it.
            case UNSUBSCRIBE -> Transition.passed(now, now.with(state.withoutTo()));
            case SUBSCRIBED -> outboundSubscribed(now);
            case UNSUBSCRIBED -> outboundUnsubscribed(now);
            default -> throw notSubscription(type);
        };
    }

    /// A stanza that the contact sends to the user (Appendix A.3).
    static Transition inbound(StanzaType type, Standing now) {
        SubscriptionState state = now.state();
        return switch (type) {
            case SUBSCRIBE -> inboundSubscribe(now);
            case UNSUBSCRIBE ->
                state.from() || state.pendingIn()
                        ? Transition.passed(now, now.with(state.withoutFrom())).replying(StanzaType.UNSUBSCRIBED)
                        : Transition.ignored(now);
            // A.3.3: nobody becomes subscribed to a contact without having asked.
            case SUBSCRIBED ->
                state.pendingOut() ? Transition.passed(now, now.with(state.withTo())) : Transition.ignored(now);
            case UNSUBSCRIBED ->
                state.to() || state.pendingOut()
                        ? Transition.passed(now, now.with(state.withoutTo()))
                        : Transition.ignored(now);
            default -> throw notSubscription(type);
        };
    }

    /// Whether a stanza that the user sent to the contact earlier says what is still so.
    static boolean stillHolds(StanzaType type, SubscriptionState state) {
        return switch (type) {
            case SUBSCRIBE -> state.pendingOut();
            case UNSUBSCRIBE -> !state.to() && !state.pendingOut();
            case SUBSCRIBED -> state.from();
            case UNSUBSCRIBED -> !state.from() && !state.pendingIn();
            default -> throw notSubscription(type);
        };
    }

    /// What ends everything between the two when the user removes the contact (2.5.2). A request of the contact
    /// that waits is declined: else the contact would wait for ever.
    static List<StanzaType> parting(SubscriptionState state) {
        List<StanzaType> parting = new ArrayList<>(2);
        if (state.to() || state.pendingOut()) {
            parting.add(StanzaType.UNSUBSCRIBE);
        }
        if (state.from() || state.pendingIn()) {
            parting.add(StanzaType.UNSUBSCRIBED);
        }
        return List.copyOf(parting);
    }

    /// A.2.3 and 3.4.2: the answer to a request that waits; an approval beforehand where none does.
    private static Transition outboundSubscribed(Standing now) {
        SubscriptionState state = now.state();
        if (state.from()) {
            return Transition.ignored(now);
        }
        return state.pendingIn()
                ? Transition.passed(now, now.with(state.withFrom()))
                : Transition.kept(now, now.withApproved(true));
    }

    /// A.2.4 and 3.2.2: ends a subscription, declines a request, or takes an approval beforehand back.
    private static Transition outboundUnsubscribed(Standing now) {
        SubscriptionState state = now.state();
        return state.from() || state.pendingIn()
                ? Transition.passed(now, now.with(state.withoutFrom()).withApproved(false))
                : Transition.kept(now, now.withApproved(false));
    }

    /// A.3.1 and 3.1.3. A contact that is subscribed and asks again has lost its state, or its server has: it
    /// gets the presence along with the approval. The record of a pre-approval stays until the user takes it
    /// back.
    private static Transition inboundSubscribe(Standing now) {
        SubscriptionState state = now.state();
        if (state.from()) {
            return Transition.ignored(now).replying(StanzaType.SUBSCRIBED).sharingAgain();
        }
        if (now.approved()) {
            return Transition.kept(now, now.with(state.withFrom())).replying(StanzaType.SUBSCRIBED);
        }
        return state.pendingIn() ? Transition.ignored(now) : Transition.passed(now, now.with(state.asked()));
    }

    private static IllegalArgumentException notSubscription(StanzaType type) {
        return new IllegalArgumentException("not about a subscription: " + type);
    }
}
