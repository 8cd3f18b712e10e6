package im.stanzabus.session;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import java.util.ArrayList;
import java.util.List;

/// Copies of messages for a user's other clients (XEP-0280).
final class Carbons {
    private final Post post;

    Carbons(Post post) {
        this.post = post;
    }

    /// A message was delivered to some resources: the others that want copies get one (section 7), but not
    /// a client that writes to its own account (section 8).
    ///
    /// @param entry of the log that the message is; its copies stand for it, so that who has one needs the
    ///     message no more. 0 if it is none, or waits in the log whatever becomes of the copies
    void received(Account account, Stanza message, List<Resource> receivers, long entry) {
        for (Resource resource : account.resources()) {
            if (resource.wantsCarbons()) {
                copy(account, message, "received", withSender(account, message, receivers), entry);
                return;
            }
        }
    }

    private static List<Resource> withSender(Account account, Stanza message, List<Resource> receivers) {
        Jid from = message.from();
        Resource sender =
                from != null && Jid.sameAccount(from, account.jid()) ? account.resource(from.resource()) : null;
        if (sender == null || receivers.contains(sender)) {
            return receivers;
        }
        List<Resource> all = new ArrayList<>(receivers);
        all.add(sender);
        return all;
    }

    /// A client sent a message: the others that want copies get one (section 8).
    void sent(Account account, Stanza message, Resource sender) {
        copy(account, message, "sent", List.of(sender), 0);
    }

    private void copy(Account account, Stanza message, String direction, List<Resource> except, long entry) {
        Payload wrapped = null;
        for (Resource resource : account.resources()) {
            if (resource.wantsCarbons() && !except.contains(resource)) {
                if (wrapped == null) {
                    if (!MessageRules.isCarbonEligible(message) || isToSelf(message, direction)) {
                        return;
                    }
                    wrapped = wrap(message, direction);
                }
                Stanza copy = new Stanza(
                        Stanza.Kind.MESSAGE, message.type(), null, account.jid(), resource.jid, null, wrapped);
                if (entry > 0) {
                    post.logged(resource, copy, entry, false);
                } else {
                    post.deliver(resource, copy);
                }
            }
        }
    }

    /// A message to the own account reaches the own clients as what it is, or as a copy of the receiving.
    private static boolean isToSelf(Stanza message, String direction) {
        return direction.equals("sent") && Jid.sameAccount(message.to(), message.from());
    }

    private static Payload wrap(Stanza message, String direction) {
        Element forwarded = Element.builder("forwarded", Namespaces.FORWARD)
                .child(message.toElement())
                .build();
        return Payload.of(
                Element.builder(direction, Namespaces.CARBONS).child(forwarded).build());
    }
}
