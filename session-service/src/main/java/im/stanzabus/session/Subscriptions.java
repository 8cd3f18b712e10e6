package im.stanzabus.session;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Subscription stanzas in both directions (RFC 6121 section 3). The state machine is roster-service's;
/// here its outcome is carried out: pushes, the stanza itself, presence. Confined to the partition's
/// context.
final class Subscriptions {
    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);

    /// How many stanzas that nobody sends again may wait for roster-service.
    private static final int MOST_WAITING = 1_000;

    private final RosterClient rosters;
    private final Post post;
    private final PresenceDelivery presence;
    private final Reannouncements repeats;
    private final Consumer<Runnable> later;
    private int waiting;

    /// @param later does something a little later
    Subscriptions(
            RosterClient rosters,
            Post post,
            PresenceDelivery presence,
            Reannouncements repeats,
            Consumer<Runnable> later) {
        this.repeats = repeats;
        this.later = later;
        this.rosters = rosters;
        this.post = post;
        this.presence = presence;
    }

    /// A client manages a subscription (sections 3.1.2, 3.1.5, 3.2.2, 3.3.2). Completes when it is
    /// carried out, whatever came of it. While roster-service is away it is as if the stanza had not
    /// come: the gateway, which keeps it, sends it again.
    Future<Void> outbound(Account account, Resource client, SessionEvent.FromClient from) {
        Stanza stanza = from.stanza();
        Jid to = stanza.to();
        if (to == null || Jid.sameAccount(to, account.jid())) {
            return Future.succeededFuture();
        }
        Stanza stamped = stanza.withFrom(account.jid()).withTo(to.bare());
        Origin origin = new Origin(client.stream, from.number());
        return request(account, new RosterRequest.Outbound(account.jid(), stamped, origin))
                .map(outcome -> {
                    if (stamped.type() == StanzaType.SUBSCRIBED || stamped.type() == StanzaType.UNSUBSCRIBED) {
                        account.roster().removePending(to);
                    }
                    // The contact hears that it is no longer subscribed before, and that it is only after, our presence
                    if (outcome.forward()) {
                        post.forward(stamped, client, from);
                    }
                    carryOut(account, to.bare(), outcome, Cause.of(client, from));
                    return (Void) null;
                })
                .otherwise(failure -> {
                    if (!RosterClient.isAway(failure) || !repeats.later(client, from.number())) {
                        post.bounce(stanza, BusFailure.toStanzaError(failure));
                    }
                    return null;
                });
    }

    /// A contact manages a subscription (sections 3.1.3, 3.1.6, 3.2.3, 3.3.3). What fails is not told: it
    /// would tell that the account exists; whoever asks may ask again. While roster-service is away, nothing is
    /// accepted, and comes again in its order.
    ///
    /// @return what later stanzas must wait for; null for nothing
    @Nullable
    Future<Void> inbound(Account account, SessionEvent.Inbound inbound, Acceptances.Open open) {
        Stanza stanza = inbound.stanza();
        Origin origin = inbound.origin();
        Jid from = stanza.from();
        // of one that may have made its change before, the rest is perhaps not carried out
        if (from == null || (!inbound.retry() && changesNothing(account.roster(), from, stanza.type()))) {
            return null;
        }
        Stanza stamped = stanza.withFrom(from.bare()).withTo(account.jid());
        RosterRequest change = origin == null
                ? new RosterRequest.Inbound(account.jid(), stamped)
                : new RosterRequest.Inbound(account.jid(), stamped, origin);
        return request(account, change)
                .map(outcome -> {
                    if (stamped.type() == StanzaType.UNSUBSCRIBE) {
                        account.roster().removePending(from);
                    }
                    if (outcome.forward()) {
                        forwardToClients(account, stamped);
                    }
                    carryOut(account, from.bare(), outcome, Cause.of(inbound, open));
                    return (Void) null;
                })
                .otherwise(failure -> {
                    if (RosterClient.isAway(failure) && comesAgain(account, inbound, open)) {
                        return null;
                    }
                    LOG.info("{} of {} to {} is dropped: {}", stanza.type(), from, account.jid(), failure.getMessage());
                    return null;
                });
    }

    /// @return false if there are too many already
    private boolean comesAgain(Account account, SessionEvent.Inbound inbound, Acceptances.Open open) {
        Origin origin = inbound.origin();
        open.release();
        if (origin != null && open.isTracked()) {
            account.turns().takeBack(origin);
            return true;
        }
        boolean room = waiting < MOST_WAITING;
        if (room) {
            waiting++;
            later.accept(() -> {
                waiting--;
                post.route(inbound.stanza(), origin);
            });
        }
        return room;
    }

    /// True for a stanza that Appendix A.3 ignores in the present state, so that nobody has to be asked.
    private static boolean changesNothing(Roster roster, Jid from, StanzaType type) {
        RosterItem item = roster.item(from);
        return switch (type) {
            case SUBSCRIBE -> roster.isPending(from);
            case SUBSCRIBED -> item == null || !item.ask();
            case UNSUBSCRIBED -> item == null || !(item.ask() || item.userSeesContact());
            case UNSUBSCRIBE ->
                !roster.isPending(from) && (item == null || !(item.contactSeesUser() || item.approved()));
            default -> true;
        };
    }

    private void forwardToClients(Account account, Stanza stanza) {
        boolean request = stanza.type() == StanzaType.SUBSCRIBE;
        if (request) {
            account.roster().addPending(stanza);
        }
        for (Resource resource : account.resources()) {
            // requests go to available resources (section 3.1.3), answers to interested ones (section 3.1.6)
            if (request ? resource.isAvailable() : resource.isInterested() || resource.isAvailable()) {
                post.deliver(resource, stanza);
            }
        }
    }

    /// Carries out what a change of the roster entails.
    ///
    /// @param cause the stanza that made the change
    void carryOut(Account account, Jid contact, RosterRequest.Outcome outcome, Cause cause) {
        outcome.pushes().forEach(push -> push(account, push));
        if (account.roster().blocked().blocks(contact)) {
            return; // XEP-0191 section 3.2: nothing goes out, and the contact has seen us go away
        }
        outcome.send().forEach(stanza -> post.follow(stanza, account, cause));
        switch (outcome.sharing()) {
            case STARTED -> presence.share(account, contact);
            case ENDED -> presence.unshare(account, contact);
            case null -> {}
        }
    }

    /// Tells all interested resources of a changed item (section 2.1.6).
    void push(Account account, RosterRequest.Push push) {
        account.roster().apply(push);
        for (Resource resource : account.resources()) {
            if (resource.isInterested()) {
                pushTo(resource, push);
            }
        }
    }

    void pushTo(Resource resource, RosterRequest.Push push) {
        RosterItem item = push.item();
        Element query = Element.builder("query", Namespaces.ROSTER)
                .attribute("ver", push.version())
                .child(item.toElement())
                .build();
        post.deliver(
                resource,
                Stanza.iq(StanzaType.SET, "push-" + push.version(), resource.jid.bare(), resource.jid, query));
    }

    private Future<RosterRequest.Outcome> request(Account account, RosterRequest request) {
        return rosters.change(account, request, RosterRequest.Outcome.class);
    }
}
