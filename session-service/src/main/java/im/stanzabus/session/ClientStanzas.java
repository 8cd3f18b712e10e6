package im.stanzabus.session;

import im.stanzabus.session.iq.IqTarget;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Stanzas that the account's own clients send (RFC 6120 section 10.3, RFC 6121 sections 3, 4 and 8.1): what
/// is for the
/// account is done here, the rest goes on its way. Confined to the partition's context.
final class ClientStanzas {
    private static final Element BLOCKED = Element.of("blocked", Namespaces.BLOCKING_ERRORS);

    private final Post post;
    private final PresenceDelivery presence;
    private final Subscriptions subscriptions;
    private final Carbons carbons;
    private final IqAnswers iqAnswers;
    private final Map<String, OwnIq> ownIqs = new HashMap<>();

    ClientStanzas(
            Post post,
            PresenceDelivery presence,
            Subscriptions subscriptions,
            Carbons carbons,
            IqAnswers iqAnswers,
            List<OwnIq> ownIqs) {
        this.post = post;
        this.presence = presence;
        this.subscriptions = subscriptions;
        this.carbons = carbons;
        this.iqAnswers = iqAnswers;
        ownIqs.forEach(own -> this.ownIqs.put(own.namespace(), own));
    }

    /// Handles a stanza.
    ///
    /// @return what later stanzas of the account must wait for; null for nothing
    @Nullable
    Future<?> handle(Account account, Resource client, Stanza stanza) {
        Jid to = stanza.to();
        boolean own = to == null || Jid.sameAccount(to, account.jid());
        if (to != null && !own && account.roster().blocked().blocks(to)) {
            refuseBlocked(client, stanza);
            return null;
        }
        return switch (stanza.kind()) {
            case MESSAGE -> {
                Stanza addressed = to == null ? stanza.withTo(account.jid()) : stanza;
                carbons.sent(account, addressed, client);
                post.route(addressed);
                yield null;
            }
            case PRESENCE -> presence(account, client, stanza);
            case IQ -> iq(account, client, stanza);
        };
    }

    private @Nullable Future<?> iq(Account account, Resource client, Stanza iq) {
        Jid to = iq.to();
        boolean own = to == null || to.equals(account.jid());
        if (isRemoval(iq) && (own || isHostOf(account, to))) {
            iqAnswers.answer(iq, own ? IqTarget.OWN : IqTarget.HOST, own ? account : null, answer -> {
                account.removed |= answer.type() == StanzaType.RESULT;
                post.deliver(client, answer);
            });
            return null;
        }
        if (own) {
            return ownIq(account, client, iq);
        }
        if (isForeignRoster(iq)) {
            post.bounce(iq, Condition.FORBIDDEN); // RFC 6121 section 2.3.3
        } else {
            post.route(iq);
        }
        return null;
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

    private @Nullable Future<?> presence(Account account, Resource client, Stanza stanza) {
        if (stanza.type().isSubscription()) {
            return subscriptions.outbound(account, stanza);
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

    private @Nullable Future<?> ownIq(Account account, Resource client, Stanza iq) {
        Element query = iq.query();
        if (!iq.isRequest() || query == null) {
            return null; // an answer to a push
        }
        OwnIq own = ownIqs.get(query.namespace());
        if (own == null) {
            iqAnswers.answer(iq, IqTarget.OWN, account, answer -> post.deliver(client, answer));
            return null;
        }
        Future<@Nullable Element> answer = own.process(account, client, iq, query);
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
