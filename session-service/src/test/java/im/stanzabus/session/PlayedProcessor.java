package im.stanzabus.session;

import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.session.iq.IqProcessor;
import im.stanzabus.stanza.Element;
import io.vertx.core.Future;
import java.util.Set;
import java.util.function.Supplier;

/// Answers requests to hosts as a test says.
///
/// @param answer asked for each request
record PlayedProcessor(String namespace, Supplier<Future<Element>> answer) implements IqProcessor {
    @Override
    public Set<IqTarget> targets() {
        return Set.of(IqTarget.HOST);
    }

    @Override
    public Future<Element> process(IqQuestion question) {
        return answer.get();
    }
}
