package im.stanzabus.session;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StreamError;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Gives connections their resources (RFC 6120 section 7). Confined to the partition's context.
final class Binding {
    private static final int RANDOM_BYTES = 8;

    private final SessionConfig config;
    private final Post post;
    private final Departures departures;
    private final SecureRandom random = new SecureRandom();

    Binding(SessionConfig config, Post post, Departures departures) {
        this.config = config;
        this.post = post;
        this.departures = departures;
    }

    void bind(Account account, SessionEvent.Bind request) {
        try {
            String wish = request.resource();
            Jid full = account.jid().withResource(wish == null || wish.isEmpty() ? randomPart() : wish);
            Resource holder = account.resource(full.resource());
            if (holder != null) {
                switch (config.resourceConflict()) {
                    case REFUSE -> {
                        refuse(request, StanzaError.of(Condition.CONFLICT, "the resource is in use"));
                        return;
                    }
                    case RENAME -> {
                        full = account.jid().withResource(full.resource() + '-' + randomPart());
                        holder = null;
                    }
                    case REPLACE -> replace(account, holder);
                }
            }
            if (account.resources().size() >= config.maxResources()) {
                refuse(request, StanzaError.of(Condition.RESOURCE_CONSTRAINT, "the account has too many connections"));
                return;
            }
            account.add(new Resource(request.connection(), full));
            post.tell(new ConnectionEvent.Bound(request.connection(), full));
        } catch (JidSyntaxException e) {
            refuse(request, StanzaError.of(Condition.BAD_REQUEST, String.valueOf(e.getMessage())));
        }
    }

    void refuse(SessionEvent.Bind request, StanzaError error) {
        post.tell(new ConnectionEvent.BindRefused(request.connection(), error));
    }

    private void replace(Account account, @Nullable Resource holder) {
        if (holder != null) {
            departures.gone(account, holder);
            post.tell(new ConnectionEvent.Disconnect(
                    holder.connection,
                    StreamError.of(StreamError.Condition.CONFLICT, "another connection took the resource")));
        }
    }

    private String randomPart() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
