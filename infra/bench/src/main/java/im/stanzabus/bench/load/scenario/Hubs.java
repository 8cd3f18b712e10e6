package im.stanzabus.bench.load.scenario;

import im.stanzabus.bench.load.client.Client;
import java.util.List;

/// Who is whose contact: a hub, its contacts, the next hub, its contacts, and so on.
///
/// @param contacts of each hub
record Hubs(List<Client> clients, int contacts) {
    int count() {
        return clients.size() / (contacts + 1);
    }

    Client hub(int number) {
        return clients.get(number * (contacts + 1));
    }

    /// The hub that a client is, or of which it is a contact.
    int numberOf(Client client) {
        return client.index() / (contacts + 1);
    }

    /// 0 for a hub, the others count from 1.
    int placeOf(Client client) {
        return client.index() % (contacts + 1);
    }

    boolean isHub(Client client) {
        return placeOf(client) == 0;
    }

    Client hubOf(Client client) {
        return hub(numberOf(client));
    }
}
