package im.stanzabus.s2s.component;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.StreamError;
import im.stanzabus.stanza.StreamError.Condition;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stream.StreamHeader;
import io.vertx.core.net.NetSocket;

/// A stream that we began to a component: `jabber:component:connect` of XEP-0114, where the header
/// has the component's name in `from` and the handshake is ours. Confined to its event loop.
final class OpenedStream extends ComponentStream {
    private final ComponentLink link;
    private final Component component;
    private boolean shaking;

    OpenedStream(ComponentGateway gateway, ComponentLink link, Component component, NetSocket netSocket) {
        super(gateway, netSocket, Namespaces.COMPONENT_CONNECT);
        this.link = link;
        this.component = component;
    }

    void open() {
        begin();
        header(new StreamHeader(Namespaces.COMPONENT_CONNECT, false, null, component.domain(), null, false));
    }

    @Override
    String peer() {
        return component.domain() + " (at " + link + ")";
    }

    @Override
    void opened(StreamEvent.Opened header) {
        String id = header.id();
        if (id == null || id.isEmpty()) {
            fail(StreamError.of(Condition.UNDEFINED_CONDITION, "a stream without id"));
        } else {
            shaking = true;
            out.raw("<handshake>" + component.handshake(id) + "</handshake>");
        }
    }

    @Override
    void nonza(Element element) {
        if (shaking && element.is("handshake", Namespaces.COMPONENT_CONNECT)) {
            shaking = false;
            if (!isTaken(component)) {
                link.up();
                authenticated(component);
            }
        } else {
            unsupported(element);
        }
    }

    @Override
    void over(String reason) {
        link.down(reason);
    }
}
