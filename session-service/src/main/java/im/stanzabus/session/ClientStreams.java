package im.stanzabus.session;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.Management;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Stanza;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/// What gateways tell of bound streams: stanzas and their numbers, confirmations, stream
/// management, the end (XEP-0198). Confined to the partition's context.
final class ClientStreams {
    private final Post post;
    private final ProcessedStanzas stanzas;
    private final StreamEnds ends;
    private final Detached detached;
    private final DeliveredMarks marks;
    private final Reannouncements reannouncements;
    private final Acceptances acceptances;

    ClientStreams(
            Post post,
            ProcessedStanzas stanzas,
            StreamEnds ends,
            Detached detached,
            DeliveredMarks marks,
            Reannouncements reannouncements,
            Acceptances acceptances) {
        this.acceptances = acceptances;
        this.post = post;
        this.stanzas = stanzas;
        this.ends = ends;
        this.detached = detached;
        this.marks = marks;
        this.reannouncements = reannouncements;
    }

    /// A stanza of the client.
    ///
    /// @return what later stanzas of the account must wait for; null for nothing
    @Nullable
    Future<?> fromClient(Account account, SessionEvent.FromClient from) {
        Resource client = account.resource(from.client(), from.connection());
        if (client == null) {
            reannouncements.want(from.connection(), account.slot);
            return null; // another connection has taken the resource, or its announcement was lost
        }
        long number = from.number();
        if (!begin(client, number)) {
            return null;
        }
        Future<?> awaited = stanzas.handle(account, client, from);
        if (awaited == null || awaited.isComplete()) {
            client.done(number);
        } else {
            awaited.onComplete(_ -> client.done(number));
        }
        return awaited;
    }

    /// A stanza that the gateway has dealt with.
    void answered(Account account, SessionEvent.Answered answered) {
        Resource client = account.resource(answered.client(), answered.connection());
        if (client == null) {
            reannouncements.want(answered.connection(), account.slot);
        } else if (begin(client, answered.number())) {
            if (answered.answer() != null) {
                post.deliver(client, answered.answer());
            }
            client.done(answered.number());
        }
    }

    /// A stanza of the client could not be handled because of a fault here.
    void failed(Account account, SessionEvent.FromClient from, Stanza error) {
        Resource client = account.resource(from.client(), from.connection());
        if (client != null) {
            post.deliver(client, error);
            client.done(from.number());
        }
    }

    /// @return false for a stanza that was begun before, or is not to be begun here
    private boolean begin(Resource client, long number) {
        if (client.resuming != null) {
            return false; // the client has left the connection, and will send it again
        }
        long begun = client.progress.begun();
        if (number <= begun) {
            client.handledFrom(number - 1); // whoever sends it again has not heard of more
            return false;
        }
        if (number > begun + 1) {
            // one before it was lost on the bus, also when it was sent again: all come again, in order
            reannouncements.want(client.connection(), client.account.slot);
            return false;
        }
        client.progress.begin(number);
        return true;
    }

    /// The client has what it was sent up to a number.
    void delivered(Account account, SessionEvent.Delivered delivered) {
        Resource resource = account.resource(delivered.client(), delivered.connection());
        if (resource != null) {
            confirm(resource, delivered.number());
        }
    }

    /// The gateway has what was handed over up to a number.
    void received(Account account, SessionEvent.Received received) {
        Resource resource = account.resource(received.client(), received.connection());
        if (resource != null) {
            acceptances.received(resource, received.number());
        }
    }

    void confirm(Resource resource, long number) {
        Account account = resource.account;
        acceptances.received(resource, number);
        resource.outbound.confirm(number, account.log::confirmed);
        marks.moved(account);
        if (account.offline != null) {
            account.offline.confirmed(resource, number);
        }
    }

    /// The client enables stream management (section 3).
    void enable(Account account, SessionEvent.Enable enable) {
        Resource resource = account.resource(enable.client(), enable.connection());
        if (resource == null) {
            reannouncements.want(enable.connection(), account.slot);
            return;
        }
        Management known = resource.management();
        Management asked = enable.management();
        // a flood of guests who never come back must cost nobody else his stream
        String resumeId = account.anonymous ? "" : asked.resumeId();
        if (known == null || !known.resumeId().equals(resumeId)) {
            int seconds = account.anonymous ? 0 : asked.seconds();
            known = new Management(resumeId, seconds, asked.inBase(), resource.outbound.last());
            resource.manage(known);
        }
        post.tell(new ConnectionEvent.Enabled(enable.connection(), known));
    }

    void detached(Account account, SessionEvent.Detached event) {
        Resource resource = account.resource(event.client(), event.connection());
        if (resource != null) {
            detached.told(resource);
        }
    }

    void gone(Account account, SessionEvent.Gone gone) {
        Resource resource = account.resource(gone.client(), gone.connection());
        if (resource != null) {
            confirm(resource, gone.number());
            ends.gone(resource);
        }
    }
}
