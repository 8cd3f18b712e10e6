package im.stanzabus.session.iq;

import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.stanza.Element;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Entity Time (XEP-0202), in the formats of XEP-0082.
public final class TimeProcessor implements IqProcessor {
    static final String NAMESPACE = "urn:xmpp:time";

    private final Clock clock;

    /// @param clock its zone is the server's
    public TimeProcessor(Clock clock) {
        this.clock = clock;
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
        return Requests.get(question, "time", () -> Future.succeededFuture(now()));
    }

    private Element now() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        ZoneOffset offset = clock.getZone().getRules().getOffset(now);
        return Element.builder("time", NAMESPACE)
                .childText("tzo", offset.equals(ZoneOffset.UTC) ? "+00:00" : offset.getId())
                .childText("utc", now.toString())
                .build();
    }
}
