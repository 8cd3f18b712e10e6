package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.LastSeen;
import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Resources that become unavailable, by their own word or because the connection is gone (RFC 6121 section
/// 4.5).
/// Confined to the partition's context.
final class Departures {
    private static final Logger LOG = LoggerFactory.getLogger(Departures.class);

    private final Bus bus;
    private final Post post;
    private final InstantSource clock;

    Departures(Bus bus, Post post, InstantSource clock) {
        this.bus = bus;
        this.post = post;
        this.clock = clock;
    }

    /// The connection is gone: the resource is unbound, and unavailable if it was not before.
    void gone(Account account, Resource resource) {
        account.remove(resource);
        if (resource.isAvailable() || !resource.directed().isEmpty()) {
            unavailable(account, resource, Stanza.presence(StanzaType.UNAVAILABLE, resource.jid, null));
        } else if (account.offline != null) {
            account.offline.resourceLost(resource);
        }
    }

    /// Tells everybody who knows of the resource that it is unavailable: contacts, own resources, and those
    /// that were sent directed presence.
    void unavailable(Account account, Resource resource, Stanza presence) {
        if (resource.isAvailable()) {
            for (RosterItem item : account.roster().items()) {
                if (item.contactSeesUser() && !account.roster().blocked().blocks(item.jid())) {
                    post.route(presence.withTo(item.jid()));
                }
            }
            for (Resource other : account.resources()) {
                if (other.isAvailable()) {
                    post.deliver(other, presence.withTo(other.jid));
                }
            }
        }
        for (Jid told : resource.takeDirected()) {
            post.route(presence.withTo(told));
        }
        resource.unavailable();
        if (account.offline != null) {
            account.offline.resourceLost(resource);
        }
        if (!account.hasAvailable() && !account.anonymous && !account.removed) {
            rememberLastSeen(account.jid(), presence);
        }
    }

    private void rememberLastSeen(Jid account, Stanza presence) {
        Element status = presence.payload().child("status", Namespaces.CLIENT);
        LastSeen seen = new LastSeen(account, clock.instant(), status == null ? "" : status.text());
        bus.request(Addresses.PROFILE, seen, Done.class)
                .onFailure(failure -> LOG.warn("last activity of {} is not kept: {}", account, failure.getMessage()));
    }
}
