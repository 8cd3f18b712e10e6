package im.stanzabus.drill.client;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/// Reads the whole archive of an account page by page (XEP-0313), so that what it holds gets into the books.
final class ArchiveQuery {
    static final String MAM = "urn:xmpp:mam:2";
    private static final String RSM = "http://jabber.org/protocol/rsm";
    private static final int PAGE = 100;

    private final DrillClient client;
    private final Promise<Void> done = Promise.promise();

    private ArchiveQuery(DrillClient client) {
        this.client = client;
    }

    /// Fails if the archive cannot be read to its end.
    static Future<Void> run(DrillClient client) {
        ArchiveQuery query = new ArchiveQuery(client);
        query.page("");
        return query.done.future();
    }

    private void page(String after) {
        String payload = "<query xmlns='" + MAM + "'><set xmlns='" + RSM + "'><max>" + PAGE + "</max>"
                + (after.isEmpty() ? "" : "<after>" + after + "</after>") + "</set></query>";
        if (!client.ask("set", payload, this::answered)) {
            done.tryFail(client.name() + " is not online");
        }
    }

    private void answered(@Nullable Element iq) {
        Element fin = iq == null ? null : iq.child("fin", MAM).orElse(null);
        if (fin == null) {
            done.tryFail("the archive of " + client.account().jid() + " cannot be read");
            return;
        }
        String last = fin.child("set", RSM)
                .flatMap(set -> set.child("last", RSM))
                .map(Element::text)
                .orElse("");
        if (last.isEmpty() || fin.attribute("complete").equals("true")) {
            done.tryComplete();
        } else {
            page(last);
        }
    }
}
