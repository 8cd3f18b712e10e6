package im.stanzabus.session.iq;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.Subscription;
import im.stanzabus.bus.api.CapsRequest;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;

/// The entity capabilities of the virtual hosts, for the stream features (XEP-0115 section 6.3). Follows the
/// living services. Safe from any thread.
public final class ServerCaps {
    /// Says which software makes the verification strings.
    static final String NODE = "https://stanzabus.im";

    private final ServerDisco disco;

    ServerCaps(ServerDisco disco) {
        this.disco = disco;
    }

    /// Answers at {@link Addresses#CAPS}, on the context that calls this.
    public Subscription serve(Bus bus) {
        return bus.serve(Addresses.CAPS, CapsRequest.class, this::answer);
    }

    /// The capabilities as they are now; fails with `item-not-found` for a host that is not served here.
    Future<CapsRequest.Caps> answer(CapsRequest request) {
        return disco.serves(request.host())
                ? Future.succeededFuture(
                        new CapsRequest.Caps(NODE, disco.host(request.host()).ver()))
                : Requests.refuse(Condition.ITEM_NOT_FOUND, "not a virtual host");
    }
}
