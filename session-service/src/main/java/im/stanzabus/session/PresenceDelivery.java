package im.stanzabus.session;

import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;

/// Presence that is not about subscriptions (RFC 6121 section 4): from the account's own clients to those
/// who may see it, and from others to the account's clients. Confined to the partition's context.
final class PresenceDelivery {
    private final Post post;
    private final Departures departures;
    private final OfflineDeliveries offline;

    PresenceDelivery(Post post, Departures departures, OfflineDeliveries offline) {
        this.post = post;
        this.departures = departures;
        this.offline = offline;
    }

    /// Presence without `to` from a client (sections 4.2, 4.4, 4.5).
    void broadcast(Account account, Resource resource, Stanza presence) {
        if (presence.type() == StanzaType.UNAVAILABLE) {
            if (resource.isAvailable() || !resource.directed().isEmpty()) {
                departures.unavailable(account, resource, presence);
            }
            return;
        }
        Byte priority = Priority.read(presence.payload());
        if (priority == null) {
            post.bounce(
                    presence.withTo(account.jid()),
                    StanzaError.of(Condition.BAD_REQUEST, "priority is a whole number from -128 to 127"));
            return;
        }
        boolean initial = !resource.isAvailable();
        boolean tookMessages = resource.takesMessages();
        resource.available(presence, priority);
        if (!tookMessages) {
            resource.takesSince(account.log.upcomingId());
        }
        toContacts(account, presence);
        toOwnResources(account, presence);
        if (initial) {
            presenceOfOwnResources(account, resource);
            probeContacts(account, resource);
            pendingRequests(account, resource);
        }
        if (resource.takesMessages()) {
            offline.start(account);
        } else if (tookMessages && account.offline != null) {
            account.offline.resourceLost(resource);
        }
    }

    /// The resource was taken for gone, and is not: everybody hears of it again.
    void again(Account account, Resource resource) {
        Stanza presence = resource.presence();
        if (presence != null) {
            toContacts(account, presence);
            toOwnResources(account, presence);
        }
    }

    /// Presence with a `to` from a client (section 4.6). Whoever is in the roster and may see the account's
    /// presence needs no note, for the broadcast reaches it.
    void directed(Account account, Resource resource, Stanza presence) {
        Jid to = presence.to();
        if (to == null) {
            throw new IllegalArgumentException("directed presence has a receiver");
        }
        if (presence.type() == StanzaType.AVAILABLE) {
            if (Priority.read(presence.payload()) == null) {
                post.bounce(
                        presence, StanzaError.of(Condition.BAD_REQUEST, "priority is a whole number from -128 to 127"));
                return;
            }
            boolean broadcast = resource.isAvailable() && account.roster().letsSee(to);
            if (!broadcast && !resource.addDirected(to)) {
                post.bounce(presence, StanzaError.of(Condition.POLICY_VIOLATION, "presence was sent to too many"));
                return;
            }
        } else if (presence.type() == StanzaType.UNAVAILABLE) {
            resource.removeDirected(to);
        }
        post.route(presence);
    }

    /// Available, unavailable and error presence for the account or one of its resources. A bare `to` stays on
    /// each copy (RFC 6121 section 8.5.2.1.2).
    void deliver(Account account, Stanza presence) {
        Jid to = presence.to();
        if (to != null && to.isFull()) {
            Resource resource = account.resource(to.resource());
            if (resource != null) {
                post.deliver(resource, presence);
            }
            return;
        }
        for (Resource resource : account.resources()) {
            if (resource.isAvailable()) {
                post.deliver(resource, presence);
            }
        }
    }

    /// A probe for the account (section 4.3.2): presence of all available resources to those who may see
    /// it.
    void probed(Account account, Stanza probe) {
        Jid asker = probe.from();
        if (asker == null) {
            return;
        }
        boolean own = Jid.sameAccount(asker, account.jid());
        if (!own && !account.roster().letsSee(asker)) {
            refuseProbe(account.jid(), asker);
            return;
        }
        for (Resource resource : account.resources()) {
            if (resource.presence() != null) {
                post.route(resource.presence().withTo(asker));
            }
        }
        if (!account.hasAvailable() && !own) {
            post.route(Stanza.presence(StanzaType.UNAVAILABLE, account.jid(), asker));
        }
    }

    /// The answer to a probe by somebody who may not see the presence, the same for an account that does
    /// not exist.
    void refuseProbe(Jid account, Jid asker) {
        post.route(Stanza.presence(StanzaType.UNSUBSCRIBED, account, asker.bare()));
    }

    /// A contact may see the account's presence from now on: it gets what there is (section 3.1.5).
    void share(Account account, Jid contact) {
        for (Resource resource : account.resources()) {
            if (resource.presence() != null) {
                resource.removeDirected(contact);
                post.route(resource.presence().withTo(contact));
            }
        }
    }

    /// A contact may not see the account's presence any more: to it, every resource goes away (section
    /// 3.2.2).
    void unshare(Account account, Jid contact) {
        for (Resource resource : account.resources()) {
            if (resource.isAvailable()) {
                post.route(Stanza.presence(StanzaType.UNAVAILABLE, resource.jid, contact));
            }
        }
    }

    private void toContacts(Account account, Stanza presence) {
        for (RosterItem item : account.roster().items()) {
            if (item.contactSeesUser() && !account.roster().blocked().blocks(item.jid())) {
                post.route(presence.withTo(item.jid()));
            }
        }
    }

    private void toOwnResources(Account account, Stanza presence) {
        for (Resource other : account.resources()) {
            if (other.isAvailable()) {
                post.deliver(other, presence.withTo(other.jid));
            }
        }
    }

    private void presenceOfOwnResources(Account account, Resource newcomer) {
        for (Resource other : account.resources()) {
            if (other != newcomer && other.presence() != null) {
                post.deliver(newcomer, other.presence().withTo(newcomer.jid));
            }
        }
    }

    private void probeContacts(Account account, Resource resource) {
        for (RosterItem item : account.roster().items()) {
            if (item.userSeesContact() && !account.roster().blocked().blocks(item.jid())) {
                post.route(Stanza.presence(StanzaType.PROBE, resource.jid, item.jid()));
            }
        }
    }

    private void pendingRequests(Account account, Resource resource) {
        for (Stanza request : account.roster().pending()) {
            Jid from = request.from();
            if (from == null || !account.roster().blocked().blocks(from)) {
                post.deliver(resource, request);
            }
        }
    }
}
