package im.stanzabus.session;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A client reads and changes the account's block list (XEP-0191 section 3).
final class BlockingIq implements OwnIq {
    private final RosterClient rosters;
    private final Post post;
    private final PresenceDelivery presence;

    BlockingIq(RosterClient rosters, Post post, PresenceDelivery presence) {
        this.rosters = rosters;
        this.post = post;
        this.presence = presence;
    }

    @Override
    public String namespace() {
        return Namespaces.BLOCKING;
    }

    @Override
    public Future<@Nullable Element> process(
            Account account, Resource client, SessionEvent.FromClient from, Element query) {
        Stanza iq = from.stanza();
        if (iq.type() == StanzaType.GET) {
            return query.name().equals("blocklist")
                    ? list(account, client)
                    : refuse(Condition.BAD_REQUEST, "expected blocklist");
        }
        return switch (query.name()) {
            case "block" -> block(account, query);
            case "unblock" -> unblock(account, query);
            default -> refuse(Condition.BAD_REQUEST, "expected block or unblock");
        };
    }

    private static Future<@Nullable Element> list(Account account, Resource client) {
        client.wantBlockList();
        return Future.succeededFuture(
                items("blocklist", account.roster().blocked().jids()));
    }

    private Future<@Nullable Element> block(Account account, Element query) {
        List<Jid> jids = new ArrayList<>();
        StanzaError error = read(query, jids);
        if (error != null || jids.isEmpty()) {
            return refuse(
                    error == null ? Condition.BAD_REQUEST : error.condition(), "each item names one address to block");
        }
        return rosters.change(account, new RosterRequest.Block(account.jid(), jids), RosterRequest.BlockList.class)
                .map(list -> {
                    // contacts that see our presence are told that we went away, before the block holds
                    BlockList before = account.roster().blocked();
                    contactsMatching(account, new BlockList(jids)).stream()
                            .filter(contact -> !before.blocks(contact))
                            .forEach(contact -> presence.unshare(account, contact));
                    tellDirected(account, new BlockList(jids));
                    account.roster().blocked(list.blocked());
                    push(account, items("block", jids));
                    return null;
                });
    }

    private Future<@Nullable Element> unblock(Account account, Element query) {
        List<Jid> jids = new ArrayList<>();
        StanzaError error = read(query, jids);
        if (error != null) {
            return refuse(error.condition(), "each item names one address to unblock");
        }
        return rosters.change(account, new RosterRequest.Unblock(account.jid(), jids), RosterRequest.BlockList.class)
                .map(list -> {
                    BlockList before = account.roster().blocked();
                    account.roster().blocked(list.blocked());
                    contactsMatching(account, before).stream()
                            .filter(contact -> !account.roster().blocked().blocks(contact))
                            .forEach(contact -> presence.share(account, contact));
                    push(account, items("unblock", jids));
                    return null;
                });
    }

    private static List<Jid> contactsMatching(Account account, BlockList list) {
        return account.roster().items().stream()
                .filter(item -> item.contactSeesUser() && list.blocks(item.jid()))
                .map(RosterItem::jid)
                .toList();
    }

    private void tellDirected(Account account, BlockList list) {
        for (Resource resource : account.resources()) {
            for (Jid told : List.copyOf(resource.directed())) {
                if (list.blocks(told)) {
                    resource.removeDirected(told);
                    post.route(Stanza.presence(StanzaType.UNAVAILABLE, resource.jid, told));
                }
            }
        }
    }

    private void push(Account account, Element change) {
        for (Resource resource : account.resources()) {
            if (resource.wantsBlockList()) {
                post.deliver(
                        resource,
                        Stanza.iq(StanzaType.SET, "block-" + System.nanoTime(), account.jid(), resource.jid, change));
            }
        }
    }

    private static Element items(String name, Iterable<Jid> jids) {
        Element.Builder list = Element.builder(name, Namespaces.BLOCKING);
        jids.forEach(jid -> list.child(Element.builder("item", Namespaces.BLOCKING)
                .attribute("jid", jid.toString())
                .build()));
        return list.build();
    }

    private static @Nullable StanzaError read(Element query, List<Jid> jids) {
        for (Element item : query.children()) {
            String jid = item.attribute("jid");
            if (!item.is("item", Namespaces.BLOCKING) || jid == null) {
                return StanzaError.of(Condition.BAD_REQUEST);
            }
            try {
                jids.add(Jid.parse(jid));
            } catch (JidSyntaxException _) {
                return StanzaError.of(Condition.JID_MALFORMED);
            }
        }
        return null;
    }

    private static Future<@Nullable Element> refuse(Condition condition, String why) {
        return Future.failedFuture(new BusFailure(StanzaError.of(condition, why), why));
    }
}
