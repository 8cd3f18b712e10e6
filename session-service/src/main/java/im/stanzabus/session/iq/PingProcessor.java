package im.stanzabus.session.iq;

import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// XMPP Ping (XEP-0199 section 4.2): an empty result shows that the stream works.
public final class PingProcessor implements IqProcessor {
    @Override
    public String namespace() {
        return Namespaces.PING;
    }

    @Override
    public Set<IqTarget> targets() {
        return Set.of(IqTarget.HOST, IqTarget.OWN);
    }

    @Override
    public List<String> hostFeatures() {
        return List.of(Namespaces.PING);
    }

    @Override
    public Future<@Nullable Element> process(IqQuestion question) {
        return Requests.get(question, "ping", () -> Future.succeededFuture());
    }
}
