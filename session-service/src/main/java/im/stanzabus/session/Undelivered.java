package im.stanzabus.session;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.Origin;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stamps;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import java.util.List;

/// What was handed to a client and did not reach it before its stream ended. Messages find another
/// way, requests get their answer, the rest has lost its meaning. Confined to the partition's
/// context.
final class Undelivered {
    private final Post post;
    private final MessageDelivery messages;

    Undelivered(Post post, MessageDelivery messages) {
        this.post = post;
        this.messages = messages;
    }

    /// @param account with the lost resource taken out already
    void redeliver(Account account, List<Outbound.Unconfirmed> stanzas) {
        boolean kept = account.hasLog();
        for (Outbound.Unconfirmed lost : stanzas) {
            Stanza stanza = lost.stanza();
            Jid from = stanza.from();
            if (!kept) {
                refuse(stanza);
            } else if (stanza.isMessage()) {
                message(
                        account,
                        lost,
                        from != null && account.roster().blocked().blocks(from));
            } else if (stanza.isIq() && !isPush(account, stanza)) {
                post.bounce(stanza, Condition.SERVICE_UNAVAILABLE);
            } // subscription requests are kept by roster-service, other presence is out of date
        }
    }

    /// The gateway of a stream that is over may forget what the client has not got, when that has
    /// found another way: until then the next owner would hear of it there.
    void settle(Account account, long stream, ConnectionEvent.Disconnect told) {
        if (account.arrivals.isEmpty() || !account.hasLog()) {
            post.tell(told);
            return;
        }
        account.ending.put(stream, told);
        account.arrivals.add(new ArrivalOrder.Arrival(true) {
            @Override
            void run() {
                if (account.ending.remove(stream, told)) {
                    post.tell(told);
                }
            }
        });
    }

    /// Answers what can be answered, where there is no account to deliver to.
    private void refuse(Stanza stanza) {
        if (!stanza.isPresence() && !isCarbon(stanza)) {
            post.bounce(stanza, Condition.SERVICE_UNAVAILABLE);
        }
    }

    private void message(Account account, Outbound.Unconfirmed lost, boolean blocked) {
        Stanza message = lost.stanza();
        if (account.log.wasHanded(lost.id())) {
            logged(account, lost, blocked);
        } else if (!blocked && !isCarbon(message) && !Stamps.hasStanzaId(message, account.jid())) {
            unlogged(account, lost);
        } // else nobody should have it, or somebody has confirmed it
    }

    private static void logged(Account account, Outbound.Unconfirmed lost, boolean blocked) {
        if (blocked) {
            account.log.confirmed(lost.id());
        } else if (account.resources().stream().noneMatch(other -> other.outbound.holds(lost.id()))) {
            account.log.returned(lost.id());
        } // else another will confirm it
    }

    private void unlogged(Account account, Outbound.Unconfirmed lost) {
        Stanza message = lost.stanza();
        switch (message.type()) {
            case CHAT, NORMAL -> {
                if (!haveIt(account, lost) && !haveCopies(account, lost)) {
                    messages.redeliver(account, message, lost.received(), lost.origin());
                }
            }
            case GROUPCHAT -> post.bounce(message, Condition.RECIPIENT_UNAVAILABLE);
            default -> {}
        }
    }

    /// A message to the bare JID went to every resource that took messages when it came. Who has
    /// taken messages since before then has it. Of one that another owner has handed over, gateways
    /// say who has it.
    private static boolean haveIt(Account account, Outbound.Unconfirmed lost) {
        Origin origin = lost.origin();
        if (lost.id() == 0 && origin != null) {
            return account.resources().stream().anyMatch(other -> other.hasInherited(origin));
        }
        Jid to = lost.stanza().to();
        return (to == null || to.isBare())
                && account.messageResources().stream().anyMatch(other -> other.takesSince() <= lost.id());
    }

    /// A chat to the lost resource was copied to those of the others that want copies (XEP-0280).
    private static boolean haveCopies(Account account, Outbound.Unconfirmed lost) {
        Stanza message = lost.stanza();
        Jid to = message.to();
        return to != null
                && to.isFull()
                && message.type() == StanzaType.CHAT
                && MessageRules.isCarbonEligible(message)
                && account.messageResources().stream()
                        .anyMatch(other -> other.wantsCarbons() && other.takesSince() <= lost.id());
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
