package im.stanzabus.s2s.component;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.StreamError;
import im.stanzabus.stanza.StreamError.Condition;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stream.StreamHeader;
import im.stanzabus.stream.StreamInput;
import im.stanzabus.stream.tls.TlsHandlers;
import io.vertx.core.net.NetSocket;
import org.jspecify.annotations.Nullable;

/// A stream that a component began: `jabber:component:accept` of XEP-0114. Confined to its event
/// loop.
final class AcceptedStream extends ComponentStream {
    private @Nullable Component named;

    AcceptedStream(ComponentGateway gateway, NetSocket netSocket) {
        super(gateway, netSocket, Namespaces.COMPONENT);
    }

    /// @param tls begins the connection; null for none
    void open(@Nullable TlsHandlers tls) {
        begin();
        if (tls != null) {
            in.hold(StreamInput.HANDSHAKE);
            socket.startTls(tls)
                    .onSuccess(_ -> in.release(StreamInput.HANDSHAKE))
                    .onFailure(failure -> lose("TLS handshake failed: " + failure.getMessage()));
        }
    }

    @Override
    String peer() {
        return (named == null ? "an unknown component" : named.domain()) + " (from " + socket.address() + ")";
    }

    @Override
    void opened(StreamEvent.Opened header) {
        String domain = ComponentConfig.domain(header.to());
        Component component = domain == null ? null : gateway.accepted(domain);
        if (component == null) {
            fail(StreamError.of(Condition.HOST_UNKNOWN, "no component of this server"));
        } else {
            named = component;
            header(StreamHeader.answer(Namespaces.COMPONENT, key(), component.domain(), null));
        }
    }

    @Override
    void nonza(Element element) {
        Component claimed = named;
        if (claimed == null || isAuthenticated() || !element.is("handshake", Namespaces.COMPONENT)) {
            unsupported(element);
        } else if (!claimed.isRight(element.text().strip(), key())) {
            warn("it does not know the secret");
            fail(StreamError.of(Condition.NOT_AUTHORIZED, "the handshake is wrong"));
        } else if (!isTaken(claimed)) {
            out.raw("<handshake/>");
            authenticated(claimed);
        }
    }

    @Override
    void over(String reason) {
        // the component comes back by itself
    }
}
