package im.stanzabus.session.iq;

import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.stanza.Element;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Software Version (XEP-0092). The operating system is told only if the administrator says so
/// (section 5).
public final class VersionProcessor implements IqProcessor {
    static final String NAMESPACE = "jabber:iq:version";

    private final Element answer;

    /// @param os the operating system to tell; null to tell none
    public VersionProcessor(String version, @Nullable String os) {
        Element.Builder query = Element.builder("query", NAMESPACE)
                .childText("name", ServerDisco.NAME)
                .childText("version", version);
        answer = (os == null ? query : query.childText("os", os)).build();
    }

    @Override
    public String namespace() {
        return NAMESPACE;
    }

    @Override
    public Set<IqTarget> targets() {
        return Set.of(IqTarget.HOST);
    }

    @Override
    public List<String> hostFeatures() {
        return List.of(NAMESPACE);
    }

    @Override
    public Future<@Nullable Element> process(IqQuestion question) {
        return Requests.get(question, "query", () -> Future.succeededFuture(answer));
    }
}
