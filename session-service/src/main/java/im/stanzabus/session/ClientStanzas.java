package im.stanzabus.session;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.api.LogRequest.Outcome;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stamps;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Stanzas that the account's own clients send (RFC 6120 section 10.3, RFC 6121 sections 3, 4 and
/// 8.1): what is for the
/// account is done here, the rest goes on its way. Confined to the partition's context.
final class ClientStanzas {
    private static final Element BLOCKED = Element.of("blocked", Namespaces.BLOCKING_ERRORS);

    private final Post post;
    private final PresenceDelivery presence;
    private final Subscriptions subscriptions;
    private final Carbons carbons;
    private final MessageArchive archive;
    private final IqAnswers iqAnswers;
    private final Reannouncements repeats;
    private final Map<String, OwnIq> ownIqs = new HashMap<>();

    ClientStanzas(
            Post post,
            PresenceDelivery presence,
            Subscriptions subscriptions,
            Carbons carbons,
            MessageArchive archive,
            IqAnswers iqAnswers,
            List<OwnIq> ownIqs,
            Reannouncements repeats) {
        this.repeats = repeats;
        this.post = post;
        this.presence = presence;
        this.subscriptions = subscriptions;
        this.carbons = carbons;
        this.archive = archive;
        this.iqAnswers = iqAnswers;
        ownIqs.forEach(own -> this.ownIqs.put(own.namespace(), own));
    }

    /// Handles a stanza.
    ///
    /// @return what later stanzas of the account must wait for; null for nothing
    @Nullable
    Future<?> handle(Account account, Resource client, SessionEvent.FromClient from) {
        Stanza stanza = from.stanza();
        Jid to = stanza.to();
        boolean own = to == null || Jid.sameAccount(to, account.jid());
        if (to != null && !own && account.roster().blocked().blocks(to)) {
            refuseBlocked(client, stanza);
            return null;
        }
        return switch (stanza.kind()) {
            case MESSAGE -> {
                message(account, client, from);
                yield null;
            }
            case PRESENCE -> presence(account, client, from);
            case IQ -> iq(account, client, from);
        };
    }

    /// The message goes on its way and into the sender's archive at the same time: it is done when
    /// both are safe. One to the own account is archived once, as received.
    private void message(Account account, Resource client, SessionEvent.FromClient from) {
        Stanza stanza = from.stanza();
        Jid to = stanza.to() == null ? account.jid() : stanza.to();
        Stanza addressed = stanza.to() == null ? stanza.withTo(to) : stanza;
        if (Jid.sameAccount(to, account.jid()) || !archive.wants(account, addressed, to)) {
            carbons.sent(account, addressed, client);
            post.forward(addressed, client, from);
            return;
        }
        if (archive.isFull()) {
            if (from.retry() && repeats.later(client, from.number())) {
                return; // it may be in the receiver's log: an error would not be true
            }
            StanzaError error = StanzaError.of(Condition.RESOURCE_CONSTRAINT, "too much waits for the log");
            post.deliver(client, addressed.error(error));
            return;
        }
        long id = account.log.nextId();
        long number = from.number();
        Stanza own = Stamps.withoutForgedIds(addressed, account.jid());
        client.progress.more(number);
        archive.sent(account, id, own, to, new Origin(client.stream, number), from.retry(), outcome -> {
            client.done(number);
            if (outcome == Outcome.KEPT && account.resources().size() > 1) {
                // not before: sent again to the next owner it would have another id
                carbons.sent(account, Stamps.withStanzaId(own, account.jid(), archive.stanzaId(account, id)), client);
            }
        });
        post.forward(addressed, client, from);
    }

    private @Nullable Future<?> iq(Account account, Resource client, SessionEvent.FromClient from) {
        Stanza iq = from.stanza();
        Jid to = iq.to();
        boolean own = to == null || to.equals(account.jid());
        if (isRemoval(iq) && (own || isHostOf(account, to))) {
            if (from.retry() && account.removed) {
                post.deliver(client, iq.result()); // it was removed when this was asked for the first time
            } else {
                answer(client, from, own ? account : null, answer -> {
                    account.removed |= answer.type() == StanzaType.RESULT;
                    post.deliver(client, answer);
                });
            }
            return null;
        }
        if (own) {
            return ownIq(account, client, from);
        }
        if (to != null && to.isBare() && !to.hasLocal() && post.isLocal(to)) {
            answer(client, from, null, answer -> post.deliver(client, answer));
            return null;
        }
        if (isForeignRoster(iq)) {
            post.bounce(iq, Condition.FORBIDDEN); // RFC 6121 section 2.3.3
        } else {
            post.forward(iq, client, from);
        }
        return null;
    }

    /// The request is acknowledged when it is answered, and what was asked done.
    ///
    /// @param account the client's own, if that is asked; null for a host
    private void answer(
            Resource client, SessionEvent.FromClient from, @Nullable Account account, Consumer<Stanza> asker) {
        IqTarget target = account == null ? IqTarget.HOST : IqTarget.OWN;
        Future<Void> answered = iqAnswers.answer(from.stanza(), target, account, asker);
        client.progress.more(from.number()); // only now: what failed before is done already
        answered.onComplete(_ -> client.done(from.number()));
    }

    private static boolean isHostOf(Account account, @Nullable Jid to) {
        return to != null && to.toString().equals(account.jid().domain());
    }

    /// XEP-0077 section 3.2: from the result on, the account is gone for everybody.
    private static boolean isRemoval(Stanza iq) {
        Element query =
                iq.type() == StanzaType.SET && iq.payload().hasNamespace(Namespaces.REGISTER) ? iq.query() : null;
        return query != null && query.child("remove") != null;
    }

    /// Whether the account exists makes no difference, so this is told before anybody looks.
    private boolean isForeignRoster(Stanza iq) {
        Jid to = iq.to();
        return to != null
                && to.isBare()
                && to.hasLocal()
                && iq.isRequest()
                && iq.payload().hasNamespace(Namespaces.ROSTER)
                && post.isLocal(to);
    }

    private @Nullable Future<?> presence(Account account, Resource client, SessionEvent.FromClient from) {
        Stanza stanza = from.stanza();
        if (stanza.type().isSubscription()) {
            return subscriptions.outbound(account, client, from);
        }
        if (stanza.to() == null) {
            if (stanza.type() == StanzaType.AVAILABLE || stanza.type() == StanzaType.UNAVAILABLE) {
                presence.broadcast(account, client, stanza);
            }
        } else if (stanza.type() == StanzaType.PROBE) {
            post.route(stanza); // RFC 6121 section 4.3: probes are a server's; one of a client tells it no more than it
            // may know
        } else {
            presence.directed(account, client, stanza);
        }
        return null;
    }

    private @Nullable Future<?> ownIq(Account account, Resource client, SessionEvent.FromClient from) {
        Stanza iq = from.stanza();
        Element query = iq.query();
        if (!iq.isRequest() || query == null) {
            return null; // an answer to a push
        }
        OwnIq own = ownIqs.get(query.namespace());
        if (own == null) {
            answer(client, from, account, answer -> post.deliver(client, answer));
            return null;
        }
        Future<@Nullable Element> answer = own.process(account, client, from, query);
        Stanza addressed = iq.to() == null ? iq.withTo(account.jid()) : iq;
        iqAnswers.reply(addressed, answer, stanza -> post.deliver(client, stanza)); // before any push that follows
        return answer.isComplete() ? null : answer;
    }

    /// XEP-0191 section 3.2: nothing goes out to somebody who is blocked.
    private void refuseBlocked(Resource client, Stanza stanza) {
        if (stanza.isError() || stanza.type() == StanzaType.RESULT) {
            return;
        }
        StanzaError error = StanzaError.of(Condition.NOT_ACCEPTABLE, "you have blocked this address")
                .withType(StanzaError.Type.CANCEL)
                .withDetail(BLOCKED);
        // not routed: as it is from the blocked address, the block would hold it up
        post.deliver(client, stanza.error(error));
    }
}
