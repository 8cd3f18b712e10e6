package im.stanzabus.session;

import im.stanzabus.session.iq.IqTarget;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/// Stanzas for an account, from anybody (RFC 6121 section 8.5). Confined to the partition's context.
final class InboundStanzas {
    private final Post post;
    private final MessageDelivery messages;
    private final PresenceDelivery presence;
    private final Subscriptions subscriptions;
    private final IqAnswers iqAnswers;

    InboundStanzas(
            Post post,
            MessageDelivery messages,
            PresenceDelivery presence,
            Subscriptions subscriptions,
            IqAnswers iqAnswers) {
        this.post = post;
        this.messages = messages;
        this.presence = presence;
        this.subscriptions = subscriptions;
        this.iqAnswers = iqAnswers;
    }

    /// Handles a stanza.
    ///
    /// @return what later stanzas of the account must wait for; null for nothing
    @Nullable
    Future<?> handle(Account account, Stanza stanza) {
        if (!account.exists() || account.removed) {
            noSuchAccount(account, stanza);
            return null;
        }
        Jid from = stanza.from();
        if (from != null
                && account.roster().blocked().blocks(from)
                && !Jid.sameAccount(from, account.jid())
                && !isFromServer(account, from)) {
            blocked(stanza);
            return null;
        }
        switch (stanza.kind()) {
            case MESSAGE -> messages.deliver(account, stanza);
            case IQ -> iq(account, stanza);
            case PRESENCE -> {
                if (stanza.type().isSubscription()) {
                    return subscriptions.inbound(account, stanza);
                }
                if (stanza.type() == StanzaType.PROBE) {
                    presence.probed(account, stanza);
                } else {
                    presence.deliver(account, stanza);
                }
            }
        }
        return null;
    }

    private void iq(Account account, Stanza iq) {
        Jid to = iq.to();
        if (to != null && to.isFull()) {
            Resource resource = account.resource(to.resource());
            if (resource != null) {
                post.deliver(resource, iq);
            } else {
                post.bounce(iq, Condition.SERVICE_UNAVAILABLE);
            }
            return;
        }
        Jid from = iq.from();
        boolean subscribed = from != null && account.roster().letsSee(from);
        iqAnswers.answer(iq, subscribed ? IqTarget.SUBSCRIBED : IqTarget.STRANGER, account);
    }

    /// RFC 6121 section 8.5.1, and the same answers that a stranger gets of an account that exists.
    private void noSuchAccount(Account account, Stanza stanza) {
        Jid from = stanza.from();
        if (stanza.isPresence()) {
            if (stanza.type() == StanzaType.PROBE && from != null) {
                presence.refuseProbe(account.jid(), from);
            }
        } else if (stanza.type() != StanzaType.HEADLINE) {
            post.bounce(stanza, Condition.SERVICE_UNAVAILABLE);
        }
    }

    /// XEP-0191 section 3.2: nothing gets through, and the account seems to be away.
    private void blocked(Stanza stanza) {
        if (!stanza.isPresence() && stanza.type() != StanzaType.HEADLINE) {
            post.bounce(stanza, Condition.SERVICE_UNAVAILABLE);
        }
    }

    private static boolean isFromServer(Account account, Jid from) {
        return from.toString().equals(account.jid().domain());
    }
}
