package im.stanzabus.c2s;

import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.stanza.StreamError;
import im.stanzabus.stanza.StreamEvent;
import org.jspecify.annotations.Nullable;

/// Login is done, a resource is to be bound (RFC 6120 section 7). The owner of the account gives it; until
/// it has answered, nothing more is read.
final class Binding implements StreamState {
    private static final long PATIENCE_MILLIS = 15_000;

    private final Connection connection;
    private final Jid account;
    private final long since;
    private @Nullable Stanza request;
    private long asked;

    /// @param since when the connection began
    Binding(Connection connection, Jid account, long since) {
        this.connection = connection;
        this.account = account;
        this.since = since;
    }

    boolean isWaiting() {
        return request != null;
    }

    @Override
    public void stanza(Stanza stanza) {
        Jid from = stanza.from();
        if (from != null && !from.bare().equals(account)) {
            connection.fail(StreamError.Condition.INVALID_FROM, "a stanza must be from its sender");
            return;
        }
        Element bind = stanza.isIq() && stanza.isRequest() ? stanza.payload().child("bind", Namespaces.BIND) : null;
        if (bind == null || !isForServer(stanza.to())) {
            refuse(stanza);
        } else if (stanza.type() == StanzaType.GET) {
            connection.send(stanza.error(Condition.BAD_REQUEST));
        } else {
            bind(stanza, bind);
        }
    }

    private boolean isForServer(@Nullable Jid to) {
        return to == null || to.toString().equals(account.domain()) || to.equals(account);
    }

    /// RFC 6120 section 7.1: nothing else is done before, and who speaks to others already loses the stream.
    private void refuse(Stanza stanza) {
        if (!isForServer(stanza.to())) {
            connection.fail(StreamError.Condition.NOT_AUTHORIZED, "bind a resource first");
        } else if (!stanza.isError() && stanza.type() != StanzaType.RESULT) {
            connection.send(stanza.error(StanzaError.of(Condition.NOT_AUTHORIZED, "bind a resource first")));
        }
    }

    private void bind(Stanza iq, Element bind) {
        String wish = bind.childText("resource");
        if (wish != null && wish.isEmpty()) {
            wish = null;
        }
        try {
            if (wish != null) {
                wish = account.withResource(wish).resource();
            }
        } catch (JidSyntaxException e) {
            connection.send(
                    iq.error(StanzaError.of(Condition.BAD_REQUEST, "the resource cannot be used: " + e.getMessage())));
            return;
        }
        request = iq;
        asked = connection.gateway().now();
        connection.in().hold(Inbound.WAITING);
        connection.gateway().tell(new SessionEvent.Bind(connection.id(), account, wish, connection.address()));
    }

    void bound(Jid client) {
        Stanza iq = request;
        if (iq != null) {
            request = null;
            connection.enter(new Bound(connection, client));
            connection.send(iq.result(Element.builder("bind", Namespaces.BIND)
                    .childText("jid", client.toString())
                    .build()));
            connection.in().release(Inbound.WAITING);
        }
    }

    void refused(StanzaError error) {
        Stanza iq = request;
        if (iq != null) {
            request = null;
            connection.send(iq.error(error));
            connection.in().release(Inbound.WAITING);
        }
    }

    @Override
    public void badStanza(StreamEvent.BadStanza stanza) {
        BadStanzas.answer(connection, stanza, null);
    }

    @Override
    public void nonza(Element element) {
        connection.fail(StreamState.unsupported(element));
    }

    @Override
    public void sweep(long now) {
        if (request != null && now - asked > PATIENCE_MILLIS) {
            connection.fail(StreamError.Condition.RESOURCE_CONSTRAINT, "the server is too busy");
        } else {
            connection.gateway().limitLogin(connection, since, now);
        }
    }
}
