package im.stanzabus.session;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import java.util.List;

/// What was handed to a connection and did not reach its client before it broke. Messages find another way,
/// requests
/// get their answer, the rest has lost its meaning. Confined to the partition's context.
final class Undelivered {
    private final Post post;
    private final MessageDelivery messages;

    Undelivered(Post post, MessageDelivery messages) {
        this.post = post;
        this.messages = messages;
    }

    /// @param account with the lost resource taken out already
    void redeliver(Account account, List<Stanza> stanzas) {
        if (!account.exists() || account.removed || account.anonymous) {
            refuse(stanzas);
            return;
        }
        for (Stanza stanza : stanzas) {
            Jid from = stanza.from();
            if (stanza.isMessage()) {
                if (from == null || !account.roster().blocked().blocks(from)) {
                    message(account, stanza);
                }
            } else if (stanza.isIq() && !isPush(account, stanza)) {
                post.bounce(stanza, Condition.SERVICE_UNAVAILABLE);
            } // subscription requests are kept by roster-service, other presence is out of date
        }
    }

    /// Answers what can be answered, where there is no account to deliver to.
    void refuse(List<Stanza> stanzas) {
        for (Stanza stanza : stanzas) {
            if (!stanza.isPresence() && !isCarbon(stanza)) {
                post.bounce(stanza, Condition.SERVICE_UNAVAILABLE);
            }
        }
    }

    private void message(Account account, Stanza message) {
        if (isCarbon(message)) {
            return;
        }
        Jid to = message.to();
        switch (message.type()) {
            case CHAT, NORMAL -> {
                if (!othersHaveIt(account, message, to == null || to.isBare())) {
                    messages.deliver(account, message);
                }
            }
            case GROUPCHAT -> post.bounce(message, Condition.RECIPIENT_UNAVAILABLE);
            default -> {}
        }
    }

    /// A message to the bare JID went to every resource that took messages when it came; a chat to the lost resource
    /// was copied to those of them that want copies (XEP-0280). Who has taken messages since before then has it.
    private static boolean othersHaveIt(Account account, Stanza message, boolean forked) {
        if (!forked && (message.type() != StanzaType.CHAT || !MessageRules.isCarbonEligible(message))) {
            return false;
        }
        long id = idOf(account, message);
        for (Resource resource : account.messageResources()) {
            if (resource.takesSince <= id && (forked || resource.carbons)) {
                return true;
            }
        }
        return false;
    }

    private static long idOf(Account account, Stanza message) {
        for (Element element : message.payload().children()) {
            if (element.is("stanza-id", Namespaces.STANZA_ID)
                    && account.jid().toString().equals(element.attribute("by"))) {
                String id = element.attribute("id");
                return id == null ? 0 : Long.parseLong(id);
            }
        }
        return 0;
    }

    private static boolean isCarbon(Stanza message) {
        Jid from = message.from();
        Jid to = message.to();
        return message.isMessage()
                && from != null
                && from.isBare()
                && Jid.sameAccount(from, to)
                && (message.payload().has("received", Namespaces.CARBONS)
                        || message.payload().has("sent", Namespaces.CARBONS));
    }

    private static boolean isPush(Account account, Stanza iq) {
        return iq.type() == StanzaType.SET && account.jid().equals(iq.from());
    }
}
