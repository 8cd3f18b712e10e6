package im.stanzabus.c2s;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.Management;
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
import im.stanzabus.stream.SmElements;
import im.stanzabus.stream.StreamInput;
import org.jspecify.annotations.Nullable;

/// Login is done, a resource is to be bound (RFC 6120 section 7). The owner of the account gives it; until
/// it has answered, nothing more is read. Or an earlier stream is resumed instead (XEP-0198 section 5).
final class Binding implements StreamState {
    private static final long PATIENCE_MILLIS = 15_000;

    /// The bus may lose a question or its answer; owners answer one that is asked again as before.
    private static final long AGAIN_MILLIS = 1_500;

    private final Connection connection;
    private final Jid account;
    private final long since;

    /// The stanza that is answered when the resource is bound; null if none is wanted.
    private @Nullable Stanza request;

    /// What the owner is asked for, and not answered yet.
    private @Nullable SessionEvent question;

    /// Whom it was asked; null while nobody owns the account.
    private @Nullable String asked;

    private long askedAt;

    /// @param since when the connection began
    Binding(Connection connection, Jid account, long since) {
        this.connection = connection;
        this.account = account;
        this.since = since;
    }

    /// The account; what is asked for it is asked again when somebody claims it.
    Jid account() {
        return account;
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
        Gateway gateway = connection.gateway();
        ask(new SessionEvent.Bind(
                connection.id(),
                account,
                wish,
                connection.address(),
                gateway.tokens().streamNumber()));
    }

    /// XEP-0198 section 5: instead of a new resource, the client wants an earlier stream to go on.
    private void resume(Element resume) {
        String resumeId = resume.attribute("previd");
        long h = SmElements.h(resume);
        if (resumeId == null || resumeId.isEmpty() || h < 0) {
            connection.send(SmElements.failed(Condition.BAD_REQUEST));
        } else {
            ask(new SessionEvent.Resume(connection.id(), account, resumeId, h, connection.address()));
        }
    }

    private void ask(SessionEvent next) {
        question = next;
        askedAt = connection.gateway().now();
        connection.in().hold(StreamInput.WAITING);
        asked = connection.gateway().ownerOf(account);
        claimed();
        connection.gateway().after(AGAIN_MILLIS, () -> askAgain(next));
    }

    private void askAgain(SessionEvent same) {
        if (question == same && connection.state() == this) {
            claimed();
            connection.gateway().after(AGAIN_MILLIS, () -> askAgain(same));
        }
    }

    /// Somebody owns the account now.
    void claimed(String owner) {
        asked = owner;
        claimed();
    }

    @Override
    public void claimed() {
        if (asked != null && question != null) {
            connection.gateway().tell(asked, question);
        }
    }

    @Override
    public boolean owner(String owner, ConnectionEvent event) {
        if (question == null) {
            return false;
        }
        if (!owner.equals(asked)) {
            return true;
        }
        switch (event) {
            case ConnectionEvent.Bound bound
            when question instanceof SessionEvent.Bind bind -> bound(bind, bound.client(), owner);
            case ConnectionEvent.BindRefused refused
            when request != null -> {
                connection.send(request.error(refused.error()));
                proceed();
            }
            case ConnectionEvent.Resumed resumed
            when question instanceof SessionEvent.Resume -> resumed(resumed, owner);
            case ConnectionEvent.ResumeRefused refused
            when question instanceof SessionEvent.Resume resume -> refused(refused, resume.h());
            case ConnectionEvent.Disconnect disconnect -> connection.dismiss(disconnect.error());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void bound(SessionEvent.Bind bind, Jid client, String owner) {
        Stanza iq = request;
        Session session = Session.bound(connection.id(), client, connection.address(), owner, bind.stream());
        connection.bound(session, "logged in");
        if (iq != null) {
            connection.send(iq.result(Element.builder("bind", Namespaces.BIND)
                    .childText("jid", client.toString())
                    .build()));
        }
        proceed();
    }

    private void resumed(ConnectionEvent.Resumed resumed, String owner) {
        connection.gateway().metrics().resumed();
        Management management = resumed.management();
        connection.send(SmElements.resumed(management.resumeId(), resumed.handled() - management.inBase()));
        Session session = connection.gateway().resumed(resumed, connection.address(), owner);
        connection.bound(session, "resumed its stream");
        proceed();
    }

    /// @param h what the client says that it has
    private void refused(ConnectionEvent.ResumeRefused refused, long h) {
        connection.gateway().metrics().notResumed();
        if (refused.condition() == Condition.UNDEFINED_CONDITION) {
            connection.fail(
                    StreamError.of(
                            StreamError.Condition.UNDEFINED_CONDITION,
                            "you acknowledged " + h + " stanzas, but were sent " + refused.h()),
                    SmElements.handledCountTooHigh(h, refused.h()));
        } else {
            connection.send(SmElements.failed(refused.condition(), refused.h()));
            proceed();
        }
    }

    private void proceed() {
        request = null;
        question = null;
        connection.in().release(StreamInput.WAITING);
    }

    @Override
    public void badStanza(StreamEvent.BadStanza bad) {
        Stanza answer = BadStanzas.answer(bad, null);
        if (answer != null) {
            connection.send(answer);
        }
    }

    @Override
    public void nonza(Element element) {
        if (element.is("resume", SmElements.NAMESPACE)) {
            resume(element);
        } else if (element.namespace().equals(SmElements.NAMESPACE)) {
            connection.send(SmElements.failed(Condition.UNEXPECTED_REQUEST));
        } else {
            connection.fail(StreamState.unsupported(element));
        }
    }

    @Override
    public void sweep(long now) {
        if (question != null && now - askedAt > PATIENCE_MILLIS) {
            connection.fail(StreamError.Condition.RESOURCE_CONSTRAINT, "the server is too busy");
        } else {
            askPresentOwner();
            connection.gateway().limitLogin(connection, since, now);
        }
    }

    /// Whoever was asked may have been taken for the owner while the owner was out of view for a moment, and nobody
    /// claims what it has.
    private void askPresentOwner() {
        String owner = question == null ? null : connection.gateway().ownerOf(account);
        if (owner != null && !owner.equals(asked)) {
            claimed(owner);
        }
    }
}
