package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.IqAccess;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.session.iq.IqProcessor;
import im.stanzabus.session.iq.IqQuestion;
import im.stanzabus.session.iq.IqTarget;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers IQ requests that are addressed to a virtual host or to an account: by a processor here, else by
/// the service
/// that announced the namespace, else with `service-unavailable`. Every request gets exactly one answer
/// (RFC 6120 section 8.2.3). Confined to the partition's context.
final class IqAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(IqAnswers.class);

    private final Bus bus;
    private final Post post;
    private final ServiceRegistry services;
    private final Map<String, IqProcessor> processors = new HashMap<>();

    IqAnswers(Bus bus, Post post, ServiceRegistry services, List<IqProcessor> processors) {
        this.bus = bus;
        this.post = post;
        this.services = services;
        processors.forEach(processor -> this.processors.put(processor.namespace(), processor));
    }

    /// Answers a request. IQs that are no requests are ignored: nobody here has asked anything.
    void answer(Stanza iq, IqTarget target, @Nullable Account account) {
        answer(iq, target, account, post::route);
    }

    /// As above, with the answer going where it is told.
    void answer(Stanza iq, IqTarget target, @Nullable Account account, Consumer<Stanza> asker) {
        Element query = iq.query();
        if (!iq.isRequest() || query == null) {
            return;
        }
        Future<@Nullable Element> answer;
        try {
            answer = ask(iq, query, target, account);
        } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
        }
        reply(iq, answer, asker);
    }

    /// Sends the answer when it is there.
    void reply(Stanza iq, Future<@Nullable Element> answer, Consumer<Stanza> asker) {
        answer.onComplete(element -> asker.accept(element == null ? iq.result() : iq.result(element)), failure -> {
            if (!(failure instanceof BusFailure)) {
                LOG.error("IQ {} of {} failed", iq.id(), iq.from(), failure);
            }
            asker.accept(iq.error(BusFailure.toStanzaError(failure)));
        });
    }

    private Future<@Nullable Element> ask(Stanza iq, Element query, IqTarget target, @Nullable Account account) {
        IqProcessor processor = processors.get(query.namespace());
        if (processor != null) {
            return processor.targets().contains(target)
                    ? processor.process(new IqQuestion(iq, query, target, account))
                    : unavailable();
        }
        if (account != null && isServed(query.namespace(), target)) {
            return bus.request(
                            Addresses.iq(query.namespace()),
                            new IqRequest(account.jid(), target == IqTarget.OWN, iq),
                            IqRequest.Answer.class)
                    .map(answer ->
                            answer.payload().isEmpty() ? null : answer.payload().getFirst());
        }
        return unavailable();
    }

    private boolean isServed(String namespace, IqTarget target) {
        for (ServiceDescriptor service : services.living()) {
            IqAccess access = service.iqNamespaces().get(namespace);
            if (access != null) {
                return switch (access) {
                    case SELF -> target == IqTarget.OWN;
                    case SUBSCRIBERS -> target == IqTarget.OWN || target == IqTarget.SUBSCRIBED;
                };
            }
        }
        return false;
    }

    private static Future<@Nullable Element> unavailable() {
        return Future.failedFuture(
                new BusFailure(StanzaError.of(Condition.SERVICE_UNAVAILABLE), "nobody answers that"));
    }
}
