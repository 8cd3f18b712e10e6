package im.stanzabus.bench.load.scenario;

import im.stanzabus.bench.load.client.Client;
import im.stanzabus.bench.load.client.ClientEvents;
import im.stanzabus.bench.load.client.Crowd;
import im.stanzabus.bench.load.wire.Turn;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/// Makes the subscriptions of hubs and contacts to each other, both ways (RFC 6121 section 3), and takes away all
/// others, which runs with other numbers may have left. To be used by the thread of the loop.
final class Subscriptions implements ClientEvents {
    private static final String BOTH = "both";
    private static final String REMOVAL = "removal";
    private static final int AT_A_TIME = 20;

    private final Stage stage;
    private final Crowd crowd;
    private final Hubs hubs;
    private final long mishapsBefore;
    private int removals;
    private int underWay;
    private int made;

    Subscriptions(Stage stage, Crowd crowd, Hubs hubs) {
        this.stage = stage;
        this.crowd = crowd;
        this.hubs = hubs;
        mishapsBefore = stage.mishaps().count();
    }

    private boolean hasFailed() {
        return stage.mishaps().count() > mishapsBefore;
    }

    /// @return false if they could not all be made
    boolean make() throws IOException {
        crowd.listen(this);
        Queue<Client> missing = missing();
        removeOthers(Set.copyOf(missing));
        if (removals > 0) {
            stage.loop().run(stage.timing().patience(), () -> removals == 0 || hasFailed());
            stage.loop().run(stage.timing().settle(), Turn.WAIT);
        }
        int wanted = missing.size();
        if (wanted > 0) {
            stage.progress().accept("presence: " + wanted + " subscriptions are made");
        }
        boolean isDone = stage.loop().run(stage.timing().patience(), () -> {
            while (underWay < AT_A_TIME && !missing.isEmpty()) {
                Client contact = missing.remove();
                underWay++;
                subscribe(contact, hubs.hubOf(contact).account().jid());
            }
            return made == wanted || hasFailed();
        });
        if (!isDone || made < wanted) {
            stage.mishaps().add("only " + made + " of " + wanted + " subscriptions could be made");
            return false;
        }
        return !stage.loop().run(stage.timing().settle(), Turn.WAIT);
    }

    /// The contacts that are not subscribed to their hub, and it to them.
    private Queue<Client> missing() {
        Queue<Client> missing = new ArrayDeque<>();
        for (Client client : crowd.clients()) {
            Client hub = hubs.hubOf(client);
            boolean isMade = client == hub
                    || (BOTH.equals(client.roster().get(hub.account().jid()))
                            && BOTH.equals(hub.roster().get(client.account().jid())));
            if (!isMade) {
                missing.add(client);
            }
        }
        return missing;
    }

    private void removeOthers(Set<Client> missing) {
        Set<String> expected = new HashSet<>();
        for (Client client : crowd.clients()) {
            if (!hubs.isHub(client) && !missing.contains(client)) {
                expected.add(client.account().jid());
            }
        }
        for (Client client : crowd.clients()) {
            String own = client.account().jid();
            String hub = hubs.hubOf(client).account().jid();
            for (Map.Entry<String, String> item : client.roster().entrySet()) {
                boolean isExpected = hubs.isHub(client)
                        ? expected.contains(item.getKey()) && isContact(client, item.getKey())
                        : item.getKey().equals(hub) && expected.contains(own);
                if (!isExpected) {
                    removals++;
                    client.send("<iq type='set' id='" + REMOVAL + "'><query xmlns='jabber:iq:roster'><item jid='"
                            + item.getKey() + "' subscription='remove'/></query></iq>");
                }
            }
        }
    }

    private boolean isContact(Client hub, String jid) {
        int first = hub.index() + 1;
        return crowd.clients().subList(first, first + hubs.contacts()).stream()
                .anyMatch(contact -> contact.account().jid().equals(jid));
    }

    private static void subscribe(Client client, String to) {
        client.send("<presence to='" + to + "' type='subscribe'/>");
    }

    /// Grants every request; a hub asks in return.
    @Override
    public void presence(Client client, String type, String from) {
        if (type.equals("subscribe")) {
            client.send("<presence to='" + from + "' type='subscribed'/>");
            if (hubs.isHub(client)) {
                subscribe(client, from);
            }
        } else if (type.equals("subscribed") && hubs.isHub(client)) {
            made++;
            underWay--;
        }
    }

    @Override
    public void answered(Client client, String id) {
        if (id.equals(REMOVAL)) {
            removals--;
        }
    }
}
