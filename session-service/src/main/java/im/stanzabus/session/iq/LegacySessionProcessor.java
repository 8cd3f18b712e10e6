package im.stanzabus.session.iq;

import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Session establishment as older clients want it (RFC 3921 section 3). A bound resource has its
/// session already, so that there is nothing to do (RFC 6121 appendix E).
public final class LegacySessionProcessor implements IqProcessor {
    @Override
    public String namespace() {
        return Namespaces.SESSION;
    }

    /// The request has no receiver, or the server's domain as in the RFC's example.
    @Override
    public Set<IqTarget> targets() {
        return Set.of(IqTarget.HOST, IqTarget.OWN);
    }

    @Override
    public Future<@Nullable Element> process(IqQuestion question) {
        return Requests.set(
                question,
                "session",
                () -> question.asker().domain().equals(question.host())
                        ? Future.succeededFuture()
                        : Requests.refuse(Condition.FORBIDDEN, "only for the server's own clients"));
    }
}
