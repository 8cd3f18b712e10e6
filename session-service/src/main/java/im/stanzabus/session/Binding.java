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
    private final StreamEnds ends;
    private final StreamReports reports;
    private final SecureRandom random = new SecureRandom();

    Binding(SessionConfig config, Post post, StreamEnds ends, StreamReports reports) {
        this.config = config;
        this.post = post;
        this.ends = ends;
        this.reports = reports;
    }

    void bind(Account account, SessionEvent.Bind request) {
        for (Resource bound : account.resources()) {
            if (bound.connection().equals(request.connection())) {
                post.tell(new ConnectionEvent.Bound(request.connection(), bound.jid)); // the first answer was lost
                return;
            }
        }
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
                    case REPLACE -> replace(holder);
                }
            }
            makeRoom(account);
            if (account.resources().size() >= config.maxResources()) {
                refuse(request, StanzaError.of(Condition.RESOURCE_CONSTRAINT, "the account has too many connections"));
                return;
            }
            account.add(new Resource(reports, account, request, full, holder));
            post.tell(new ConnectionEvent.Bound(request.connection(), full));
        } catch (JidSyntaxException e) {
            refuse(request, StanzaError.of(Condition.BAD_REQUEST, String.valueOf(e.getMessage())));
        }
    }

    /// A stream that has no connection gives way to one that has.
    private void makeRoom(Account account) {
        if (account.resources().size() >= config.maxResources()) {
            for (Resource resource : account.resources()) {
                if (!resource.isAttached()) {
                    ends.end(resource, null);
                    return;
                }
            }
        }
    }

    void refuse(SessionEvent.Bind request, StanzaError error) {
        post.tell(new ConnectionEvent.BindRefused(request.connection(), error));
    }

    private void replace(@Nullable Resource holder) {
        if (holder != null) {
            ends.end(holder, StreamError.of(StreamError.Condition.CONFLICT, "another connection took the resource"));
        }
    }

    private String randomPart() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
