package im.stanzabus.session;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/// Switches carbon copies on and off for a client (XEP-0280 sections 4 and 5).
final class CarbonsIq implements OwnIq {
    @Override
    public String namespace() {
        return Namespaces.CARBONS;
    }

    @Override
    public Future<@Nullable Element> process(
            Account account, Resource client, SessionEvent.FromClient from, Element query) {
        Stanza iq = from.stanza();
        boolean enable = query.name().equals("enable");
        if (iq.type() != StanzaType.SET || (!enable && !query.name().equals("disable"))) {
            return Future.failedFuture(
                    new BusFailure(StanzaError.of(Condition.BAD_REQUEST), "neither enable nor disable"));
        }
        client.wantCarbons(enable);
        return Future.succeededFuture();
    }
}
