package im.stanzabus.session;

import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A client reads and changes its roster (RFC 6121 section 2).
final class RosterIq implements OwnIq {
    private final Bus bus;
    private final RosterClient rosters;
    private final Subscriptions subscriptions;

    RosterIq(Bus bus, RosterClient rosters, Subscriptions subscriptions) {
        this.bus = bus;
        this.rosters = rosters;
        this.subscriptions = subscriptions;
    }

    @Override
    public String namespace() {
        return Namespaces.ROSTER;
    }

    @Override
    public Future<@Nullable Element> process(
            Account account, Resource client, SessionEvent.FromClient from, Element query) {
        if (!query.name().equals("query")) {
            return refuse(Condition.BAD_REQUEST, "expected query");
        }
        return from.stanza().type() == StanzaType.GET
                ? get(account, client, query)
                : set(account, query, Cause.of(client, from), new Origin(client.stream, from.number()));
    }

    // ---- section 2.1.3, 2.2, 2.6 ----

    private Future<@Nullable Element> get(Account account, Resource client, Element query) {
        client.becomeInterested();
        String known = query.attribute("ver");
        Roster roster = account.roster();
        if (known == null || known.isEmpty()) {
            return Future.succeededFuture(whole(roster, known != null));
        }
        if (known.equals(roster.version())) {
            return Future.succeededFuture();
        }
        return rosters.changesSince(account, known).map(changes -> {
            if (!changes.known()) {
                return whole(roster, true);
            }
            // the empty result comes first (section 2.6.3), so the pushes wait for the end of this turn
            bus.vertx().runOnContext(_ -> changes.changes().forEach(push -> subscriptions.pushTo(client, push)));
            return null;
        });
    }

    private static Element whole(Roster roster, boolean versioned) {
        Element.Builder query =
                Element.builder("query", Namespaces.ROSTER).attribute("ver", versioned ? roster.version() : null);
        for (RosterItem item : roster.items()) {
            query.child(item.toElement());
        }
        return query.build();
    }

    // ---- sections 2.1.5, 2.3 to 2.5 ----

    private Future<@Nullable Element> set(Account account, Element query, Cause cause, Origin origin) {
        List<Element> items = query.children();
        if (items.size() != 1 || !items.getFirst().is("item", Namespaces.ROSTER)) {
            return refuse(Condition.BAD_REQUEST, "a roster set has exactly one item");
        }
        Element item = items.getFirst();
        String jid = item.attribute("jid");
        if (jid == null) {
            return refuse(Condition.BAD_REQUEST, "the item has no jid");
        }
        Jid contact;
        try {
            contact = Jid.parse(jid).bare();
        } catch (JidSyntaxException e) {
            return refuse(Condition.JID_MALFORMED, e.getMessage());
        }
        if (contact.equals(account.jid())) {
            return refuse(Condition.NOT_ALLOWED, "an account is not in its own roster");
        }
        boolean remove = "remove".equals(item.attribute("subscription"));
        List<String> groups = new ArrayList<>();
        if (!remove) {
            Set<String> seen = new HashSet<>();
            for (Element group : item.children()) {
                if (!group.is("group", Namespaces.ROSTER)) {
                    continue;
                }
                String name = group.text();
                if (name.isEmpty()) {
                    return refuse(Condition.NOT_ACCEPTABLE, "a group has no name"); // section 2.3.3
                }
                if (!seen.add(name)) {
                    return refuse(Condition.BAD_REQUEST, "a group appears twice"); // section 2.3.3
                }
                groups.add(name);
            }
        }
        return rosters.change(
                        account,
                        new RosterRequest.Set(account.jid(), contact, item.attribute("name"), groups, remove, origin),
                        RosterRequest.Outcome.class)
                .map(outcome -> {
                    subscriptions.carryOut(account, contact, outcome, cause);
                    return null;
                });
    }

    private static Future<@Nullable Element> refuse(Condition condition, @Nullable String why) {
        String text = why == null ? condition.wire() : why;
        return Future.failedFuture(new BusFailure(StanzaError.of(condition, text), text));
    }
}
