package im.stanzabus.session;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.delivery.StreamTurns;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/// Stanzas for an account, from anybody (RFC 6121 section 8.5). Confined to the partition's
/// context.
final class InboundStanzas {
    private final Post post;
    private final MessageDelivery messages;
    private final PresenceDelivery presence;
    private final Subscriptions subscriptions;
    private final IqAnswers iqAnswers;
    private final Acceptances acceptances;
    private final Reannouncements repeats;
    private final ProcessedStanzas processed;

    InboundStanzas(
            Post post,
            MessageDelivery messages,
            PresenceDelivery presence,
            Subscriptions subscriptions,
            IqAnswers iqAnswers,
            Acceptances acceptances,
            Reannouncements repeats,
            ProcessedStanzas processed) {
        this.processed = processed;
        this.repeats = repeats;
        this.acceptances = acceptances;
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
    Future<?> handle(Account account, SessionEvent.Inbound received) {
        Origin origin = received.replyTo() == null ? null : received.origin();
        if (origin == null) {
            return inTurn(account, received);
        }
        StreamTurns turns = account.turns();
        if (received.previous() > 0 && !turns.has(origin.stream(), received.previous())) {
            missed(account, received);
            return null;
        }
        return inTurn(account, turns.take(origin) ? received : received.again());
    }

    private @Nullable Future<?> inTurn(Account account, SessionEvent.Inbound inbound) {
        if (inbound.stanza().isMessage() && isWelcome(account, inbound.stanza())) {
            messages.deliver(account, inbound); // accepts it in its time
            if (processed.isAfter()) {
                processed.came(account, inbound, null);
            }
            return null;
        }
        if (acceptances.isKnown(inbound)) { // an owner that was replaced may send late, and for the first time
            return null;
        }
        Acceptances.Open open = acceptances.begin(account, inbound);
        Future<?> awaited;
        try {
            awaited = take(account, inbound, open);
            if (processed.isAfter() && isWelcome(account, inbound.stanza())) {
                processed.came(account, inbound, open);
            }
        } catch (RuntimeException e) {
            open.release();
            throw e;
        }
        if (awaited == null || awaited.isComplete()) {
            open.done();
        } else {
            awaited.onComplete(_ -> open.done());
        }
        return awaited;
    }

    /// The stanza before this one was lost on its way: this one would overtake it.
    private void missed(Account account, SessionEvent.Inbound later) {
        String sender = later.replyTo();
        if (sender != null) {
            repeats.wantFrom(sender, account.slot);
        }
    }

    private static boolean isWelcome(Account account, Stanza stanza) {
        return account.exists() && !account.removed && !isBlocked(account, stanza);
    }

    private static boolean isBlocked(Account account, Stanza stanza) {
        Jid from = stanza.from();
        return from != null
                && account.roster().blocked().blocks(from)
                && !Jid.sameAccount(from, account.jid())
                && !isFromServer(account, from);
    }

    private @Nullable Future<?> take(Account account, SessionEvent.Inbound inbound, Acceptances.Open open) {
        Stanza stanza = inbound.stanza();
        if (!account.exists() || account.removed) {
            noSuchAccount(account, stanza);
            return null;
        }
        if (isBlocked(account, stanza)) {
            blocked(stanza);
            return null;
        }
        switch (stanza.kind()) {
            case MESSAGE -> messages.deliver(account, new SessionEvent.Inbound(stanza));
            case IQ -> iq(account, stanza, open);
            case PRESENCE -> {
                if (stanza.type().isSubscription()) {
                    return subscriptions.inbound(account, inbound, open);
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

    private void iq(Account account, Stanza iq, Acceptances.Open open) {
        Jid to = iq.to();
        if (to != null && to.isFull()) {
            Resource resource = account.resource(to.resource());
            if (resource != null) {
                acceptances.deliver(resource, iq, 0, 0, open);
            } else {
                post.bounce(iq, Condition.SERVICE_UNAVAILABLE);
            }
            return;
        }
        Jid from = iq.from();
        boolean subscribed = from != null && account.roster().letsSee(from);
        open.more();
        iqAnswers
                .answer(iq, subscribed ? IqTarget.SUBSCRIBED : IqTarget.STRANGER, account)
                .onComplete(_ -> open.done());
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
