package im.stanzabus.session;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.session.iq.IqProcessor;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.StanzaError;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A namespace that the session manager handles itself: shown in disco, answered to nobody else.
record AnnouncedFeature(String namespace) implements IqProcessor {
    @Override
    public Set<IqTarget> targets() {
        return Set.of();
    }

    @Override
    public List<String> hostFeatures() {
        return List.of(namespace);
    }

    @Override
    public List<String> accountFeatures() {
        return List.of(namespace);
    }

    @Override
    public Future<@Nullable Element> process(IqQuestion question) {
        return Future.failedFuture(new BusFailure(
                StanzaError.of(StanzaError.Condition.SERVICE_UNAVAILABLE), namespace + " is for own clients only"));
    }
}
