package im.stanzabus.c2s;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.api.CapsRequest;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import io.vertx.core.Future;
import java.util.Optional;

/// The hosts' entity capabilities for the stream features (XEP-0115 section 6.3). Confined to its context.
final class ServerCaps {
    private final BriefCache<String, Optional<Element>> caps;

    ServerCaps(Bus bus) {
        caps = new BriefCache<>(host -> bus.request(Addresses.CAPS, new CapsRequest(host), CapsRequest.Caps.class)
                .map(answer -> Optional.of(element(answer)))
                .otherwise(Optional.empty()));
    }

    /// The feature; empty while nobody on the bus knows it. Never fails.
    Future<Optional<Element>> of(String host) {
        return caps.get(host);
    }

    private static Element element(CapsRequest.Caps caps) {
        return Element.builder("c", Namespaces.CAPS)
                .attribute("hash", "sha-1")
                .attribute("node", caps.node())
                .attribute("ver", caps.ver())
                .build();
    }
}
