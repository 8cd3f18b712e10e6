package im.stanzabus.session;

import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import java.util.List;

/// Messages for an account that exists (RFC 6121 section 8.5).
///
/// | type | bare JID, some resource takes messages | bare JID, none does | full JID, bound | full JID, not
/// bound |
/// |---|---|---|---|---|
/// | normal | all that take messages | log, or error | that resource | error |
/// | chat | all that take messages | log, or error | that resource | as to the bare JID |
/// | groupchat | error | error | that resource | error |
/// | headline | all that take messages | ignored | that resource | error |
/// | error | ignored | ignored | that resource | ignored |
///
/// The error is `service-unavailable`.
final class MessageDelivery {
    private final Post post;
    private final MessageStore store;
    private final Carbons carbons;

    MessageDelivery(Post post, MessageStore store, Carbons carbons) {
        this.post = post;
        this.store = store;
        this.carbons = carbons;
    }

    /// Delivers a message whose `to` is the account or one of its resources.
    void deliver(Account account, Stanza received) {
        Stanza message = Stamps.withoutForgedIds(received, account.jid());
        Jid to = message.to();
        if (to == null) {
            throw new IllegalArgumentException("a routed stanza has a receiver");
        }
        if (to.isBare()) {
            toBareJid(account, message);
            return;
        }
        Resource resource = account.resource(to.resource());
        if (resource != null) {
            Stanza stamped = MessageRules.getsStanzaId(message)
                    ? Stamps.withStanzaId(message, account.jid(), account.nextLogId())
                    : message;
            post.deliver(resource, stamped);
            carbons.received(account, stamped, List.of(resource));
        } else {
            toAbsentResource(account, message);
        }
    }

    private void toBareJid(Account account, Stanza message) {
        switch (message.type()) {
            case CHAT, NORMAL -> toTakers(account, message);
            case HEADLINE -> {
                for (Resource resource : account.messageResources()) {
                    post.deliver(resource, message);
                }
            }
            case GROUPCHAT -> post.bounce(message, Condition.SERVICE_UNAVAILABLE);
            default -> {} // RFC 6121 section 8.5.2: an error to a bare JID is ignored
        }
    }

    /// A chat or normal message for whoever of the account takes messages; else for the log.
    void toTakers(Account account, Stanza message) {
        long id = account.nextLogId();
        Stanza stamped = Stamps.withStanzaId(message, account.jid(), id);
        List<Resource> takers = account.offline == null ? account.messageResources() : List.of();
        if (!takers.isEmpty()) {
            for (int i = 0; i < takers.size(); i++) {
                post.deliver(takers.get(i), stamped);
            }
            carbons.received(account, stamped, takers);
        } else if (MessageRules.isStorable(stamped)) {
            carbons.received(account, stamped, takers);
            store.keep(account, stamped, id);
        } else if (!MessageRules.isOnlyChatState(message.payload())) {
            post.bounce(message, Condition.SERVICE_UNAVAILABLE);
        }
    }

    private void toAbsentResource(Account account, Stanza message) {
        if (message.type() == StanzaType.CHAT) {
            toTakers(account, message);
        } else {
            post.bounce(message, Condition.SERVICE_UNAVAILABLE);
        }
    }
}
