package im.stanzabus.session;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.processor.Processor;
import im.stanzabus.processor.loading.Outcome;
import im.stanzabus.processor.loading.ProcessorChain;
import im.stanzabus.processor.loading.ProcessorChain.Further;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/// Asks processors before a client's stanza is handled, and after any stanza was, and sends what
/// they ask for. Confined to the partition's context.
final class ProcessedStanzas {
    private final ProcessorChain processors;
    private final ClientStanzas stanzas;
    private final Post post;

    ProcessedStanzas(ProcessorChain processors, ClientStanzas stanzas, Post post) {
        this.processors = processors;
        this.stanzas = stanzas;
        this.post = post;
    }

    /// Handles a stanza of a client.
    ///
    /// @return what later stanzas of the account must wait for; null for nothing
    @Nullable
    Future<?> handle(Account account, Resource client, SessionEvent.FromClient from) {
        SessionEvent.FromClient passed = processors.isBefore() ? before(account, client, from) : from;
        if (passed == null) {
            return null;
        }
        Future<?> awaited = stanzas.handle(account, client, passed);
        if (processors.isAfter()) {
            after(account, client, passed.stanza(), Cause.of(client, passed));
        }
        return awaited;
    }

    private SessionEvent.@Nullable FromClient before(Account account, Resource client, SessionEvent.FromClient from) {
        Stanza sent = from.stanza();
        return switch (processors.before(sent, account::view, client.jid, from.retry())) {
            case Outcome.Onward(Stanza stanza) ->
                new SessionEvent.FromClient(from.connection(), from.client(), from.number(), from.retry(), stanza);
            case Outcome.Ended(@Nullable StanzaError error) -> {
                if (error != null) {
                    post.deliver(client, sent.error(error));
                }
                yield null;
            }
        };
    }

    /// False if nobody wants to be told of what was handled.
    boolean isAfter() {
        return processors.isAfter();
    }

    /// A stanza for the account was handled.
    ///
    /// @param open what it is accepted by; null for a message, whose acceptance does not wait for
    ///     what follows
    void came(Account account, SessionEvent.Inbound inbound, Acceptances.@Nullable Open open) {
        Cause cause = open == null
                ? new Cause(inbound.origin(), inbound.replyTo() != null, inbound.retry(), () -> {}, () -> {})
                : Cause.of(inbound, open);
        after(account, null, inbound.stanza(), cause);
    }

    private void after(Account account, @Nullable Resource client, Stanza stanza, Cause cause) {
        for (Further further :
                processors.after(stanza, account::view, client == null ? null : client.jid, cause.retry())) {
            post.follow(further.stanza(), account, causeOf(further, account, client != null, cause));
        }
    }

    /// A further stanza has a stream to itself that is made of the first one's, so that its
    /// receiver knows it from that one, from those of other processors and of the other side, and
    /// again when it comes again.
    private static Cause causeOf(Further further, Account account, boolean sent, Cause cause) {
        Origin origin = cause.origin();
        if (origin == null) {
            return cause;
        }
        long of = 31L * (31L * account.jid().hashCode() + further.processor().hashCode()) + (sent ? 1 : 2);
        Origin own = new Origin(
                origin.stream() ^ of * 0x9e3779b97f4a7c15L, origin.number() * Processor.MOST_FURTHER + further.index());
        return new Cause(own, cause.tracked(), cause.retry(), cause.more(), cause.done());
    }
}
