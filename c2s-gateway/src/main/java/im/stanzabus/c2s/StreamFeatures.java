package im.stanzabus.c2s;

import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.xml.StreamLimits;
import im.stanzabus.stream.SmElements;
import java.util.Optional;

/// The features offered on a stream (RFC 6120 section 4.3.2), in the order that XEP-0170 recommends.
final class StreamFeatures {
    private static final String CHANNEL_BINDING = "urn:xmpp:sasl-cb:0";
    private static final String STREAM_LIMITS = "urn:xmpp:stream-limits:0";
    private static final Element STARTTLS = Element.of("starttls", Namespaces.TLS);
    private static final Element STARTTLS_REQUIRED = Element.builder("starttls", Namespaces.TLS)
            .child(Element.of("required", Namespaces.TLS))
            .build();
    private static final Element REGISTER = Element.of("register", "http://jabber.org/features/iq-register");
    private static final Element BIND = Element.of("bind", Namespaces.BIND);
    private static final Element SESSION = Element.builder("session", Namespaces.SESSION)
            .child(Element.of("optional", Namespaces.SESSION))
            .build();
    private static final Element ROSTER_VERSIONS = Element.of("ver", "urn:xmpp:features:rosterver");
    private static final Element PRE_APPROVAL = Element.of("sub", "urn:xmpp:features:pre-approval");

    private final Element limitsBeforeLogin;
    private final Element limitsAfterLogin;

    StreamFeatures(C2sConfig config) {
        limitsBeforeLogin =
                limits(config.limits().beforeLogin(), config.timeouts().login().toSeconds());
        limitsAfterLogin =
                limits(config.limits().afterLogin(), config.timeouts().idle().toSeconds());
    }

    /// XEP-0478.
    private static Element limits(StreamLimits limits, long idleSeconds) {
        return Element.builder("limits", STREAM_LIMITS)
                .childText("max-bytes", String.valueOf(limits.maxStanzaBytes()))
                .childText("idle-seconds", String.valueOf(Math.max(1, idleSeconds)))
                .build();
    }

    private static Element.Builder features() {
        return Element.builder("features", Namespaces.STREAMS);
    }

    /// Where nothing goes on without TLS, nothing else is offered (RFC 6120 section 5.3.1).
    Element beforeTls() {
        return features().child(STARTTLS_REQUIRED).build();
    }

    /// @param startTls true where TLS is possible and not needed
    /// @param registration true if unknown clients may register (XEP-0077 section 8)
    Element beforeLogin(boolean startTls, AuthRequest.Mechanisms mechanisms, boolean registration) {
        Element.Builder features = features();
        if (startTls) {
            features.child(STARTTLS);
        }
        if (!mechanisms.names().isEmpty()) {
            Element.Builder names = Element.builder("mechanisms", Namespaces.SASL);
            mechanisms.names().forEach(name -> names.childText("mechanism", name));
            features.child(names.build());
        }
        if (!mechanisms.bindings().isEmpty()) {
            Element.Builder types = Element.builder("sasl-channel-binding", CHANNEL_BINDING);
            mechanisms
                    .bindings()
                    .forEach(type -> types.child(Element.builder("channel-binding", CHANNEL_BINDING)
                            .attribute("type", type)
                            .build()));
            features.child(types.build());
        }
        if (registration) {
            features.child(REGISTER);
        }
        return features.child(limitsBeforeLogin).build();
    }

    Element afterLogin(Optional<Element> caps) {
        Element.Builder features = features()
                .child(BIND)
                .child(SESSION)
                .child(SmElements.FEATURE)
                .child(ROSTER_VERSIONS)
                .child(PRE_APPROVAL);
        caps.ifPresent(features::child);
        return features.child(limitsAfterLogin).build();
    }
}
