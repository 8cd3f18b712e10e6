package im.stanzabus.bus.delivery;

import im.stanzabus.bus.ServiceDescriptor.ServedDomain;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What every domain of a service answers in the same way: disco#info (XEP-0030) and pings (XEP-0199).
///
/// @param domain who answers
/// @param features that disco#info has beside these two
record StandardAnswers(ServedDomain domain, List<String> features) {
    /// The answer to a request to the domain itself; null for anything else.
    @Nullable
    Stanza to(Stanza stanza) {
        Element query = stanza.type() == StanzaType.GET && isForDomain(stanza) ? stanza.query() : null;
        if (query == null) {
            return null;
        }
        if (query.is("ping", Namespaces.PING)) {
            return stanza.result();
        }
        return query.is("query", Namespaces.DISCO_INFO) && query.attribute("node") == null
                ? stanza.result(discoInfo())
                : null;
    }

    private static boolean isForDomain(Stanza stanza) {
        Jid to = stanza.to();
        return to != null && !to.hasLocal() && to.isBare();
    }

    private Element discoInfo() {
        Element.Builder query = Element.builder("query", Namespaces.DISCO_INFO)
                .child(Element.builder("identity", Namespaces.DISCO_INFO)
                        .attribute("category", domain.category())
                        .attribute("type", domain.type())
                        .attribute("name", domain.title())
                        .build());
        List<String> all = new ArrayList<>(List.of(Namespaces.DISCO_INFO, Namespaces.PING));
        all.addAll(features);
        all.forEach(feature -> query.child(Element.builder("feature", Namespaces.DISCO_INFO)
                .attribute("var", feature)
                .build()));
        return query.build();
    }
}
