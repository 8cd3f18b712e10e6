package im.stanzabus.session;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.stanza.StreamError;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who handles which event of an account, and what becomes of one that cannot be handled. Confined to the
/// partition's context.
final class AccountEvents {
    private final Post post;
    private final Binding binding;
    private final ClientStreams streams;
    private final Resumption resumption;
    private final Announcements announcements;
    private final InboundStanzas inboundStanzas;
    private final Departures departures;
    private final Acceptances acceptances;

    AccountEvents(
            Post post,
            Binding binding,
            ClientStreams streams,
            Resumption resumption,
            Announcements announcements,
            InboundStanzas inboundStanzas,
            Departures departures,
            Acceptances acceptances) {
        this.acceptances = acceptances;
        this.post = post;
        this.binding = binding;
        this.streams = streams;
        this.resumption = resumption;
        this.announcements = announcements;
        this.inboundStanzas = inboundStanzas;
        this.departures = departures;
    }

    /// Handles an event of a loaded account.
    ///
    /// @return what later events of the account must wait for; null for nothing
    @Nullable
    Future<?> handle(Account account, SessionEvent event) {
        switch (event) {
            case SessionEvent.FromClient from -> {
                return streams.fromClient(account, from);
            }
            case SessionEvent.Inbound inbound -> {
                return inboundStanzas.handle(account, inbound);
            }
            case SessionEvent.Bind bind -> bind(account, bind);
            case SessionEvent.Enable enable -> streams.enable(account, enable);
            case SessionEvent.Resume resume -> resumption.resume(account, resume);
            case SessionEvent.Answered answered -> streams.answered(account, answered);
            case SessionEvent.Delivered delivered -> streams.delivered(account, delivered);
            case SessionEvent.Received received -> streams.received(account, received);
            case SessionEvent.Detached detached -> streams.detached(account, detached);
            case SessionEvent.Gone gone -> streams.gone(account, gone);
            case SessionEvent.Announce announce -> announcements.announced(announce);
            case SessionEvent.AccountRemoved _ -> removed(account);
            case SessionEvent.Accepted _ -> {} // is about no state of the account
        }
        return null;
    }

    private void bind(Account account, SessionEvent.Bind bind) {
        if (account.removed) {
            binding.refuse(bind, StanzaError.of(Condition.NOT_AUTHORIZED, "the account was removed"));
        } else {
            binding.bind(account, bind);
        }
    }

    private void removed(Account account) {
        account.removed = true;
        account.ending.values().forEach(post::tell); // nothing is kept any more
        account.ending.clear();
        for (Resource resource : List.copyOf(account.resources())) {
            departures.gone(account, resource);
            post.tell(new ConnectionEvent.Disconnect(
                    resource.connection(),
                    StreamError.of(StreamError.Condition.NOT_AUTHORIZED, "the account was removed")));
        }
    }

    /// Answers an event that is not handled, so that nobody waits in vain.
    void refuse(Account account, SessionEvent event, StanzaError error) {
        switch (event) {
            case SessionEvent.Bind bind -> binding.refuse(bind, error);
            case SessionEvent.Resume resume -> resumption.refuse(resume.connection(), -1);
            case SessionEvent.FromClient from ->
                streams.failed(account, from, from.stanza().error(error));
            case SessionEvent.Inbound inbound -> {
                post.bounce(inbound.stanza(), error);
                acceptances.begin(account, inbound).done(); // and remembered: its sender was told
            }
            default -> {}
        }
    }

    /// An event that takes the place of one for which there is no room: a stanza of a client must be
    /// answered in its turn, as numbers are counted. Null if it can be answered at once.
    static SessionEvent.@Nullable Answered inPlaceOf(SessionEvent event, StanzaError error) {
        if (!(event instanceof SessionEvent.FromClient from)) {
            return null;
        }
        Stanza stanza = from.stanza();
        boolean answer = stanza.isRequest() || (stanza.isMessage() && stanza.type() != StanzaType.ERROR);
        return new SessionEvent.Answered(
                from.connection(), from.client(), from.number(), from.retry(), answer ? stanza.error(error) : null);
    }
}
