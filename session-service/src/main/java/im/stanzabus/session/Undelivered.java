package im.stanzabus.session;

import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import java.util.List;

/// What was handed to a connection and did not reach its client before it broke. Messages find another way,
/// requests
/// get
/// their answer, the rest has lost its meaning. Confined to the partition's context.
final class Undelivered {
    private final Post post;
    private final MessageDelivery messages;

    Undelivered(Post post, MessageDelivery messages) {
        this.post = post;
        this.messages = messages;
    }

    /// @param account with the lost resource taken out already
    void redeliver(Account account, List<Stanza> stanzas) {
        for (Stanza stanza : stanzas) {
            switch (stanza.kind()) {
                case MESSAGE -> message(account, stanza);
                case IQ -> {
                    if (stanza.isRequest() && !isPush(account, stanza)) {
                        post.bounce(stanza, Condition.SERVICE_UNAVAILABLE);
                    }
                }
                case PRESENCE -> {} // subscription requests are kept by roster-service
            }
        }
    }

    private void message(Account account, Stanza message) {
        if (message.payload().hasNamespace(Namespaces.CARBONS)) {
            return;
        }
        switch (message.type()) {
            case CHAT, NORMAL -> {
                Jid to = message.to();
                // one that went to several resources has reached the others
                if (to == null || to.isFull() || account.messageResources().isEmpty()) {
                    messages.toTakers(account, Stamps.withoutForgedIds(message, account.jid())); // it gets a new id
                }
            }
            case GROUPCHAT -> post.bounce(message, Condition.RECIPIENT_UNAVAILABLE);
            default -> {}
        }
    }

    private static boolean isPush(Account account, Stanza iq) {
        Jid from = iq.from();
        return iq.type() == StanzaType.SET && account.jid().equals(from);
    }
}
