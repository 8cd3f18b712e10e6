package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.IqAccess;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.session.iq.IqProcessor;
import im.stanzabus.session.iq.IqSettings;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers IQ requests that are addressed to a virtual host or to an account: by a processor here, else by the
/// service that announced the namespace, else with `service-unavailable`. Every request gets exactly one
/// answer (RFC 6120 section 8.2.3). Confined to the partition's context.
final class IqAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(IqAnswers.class);

    /// How long a request waits for what is on its way into the log.
    private static final long PATIENCE_MILLIS = 10_000;

    private final Bus bus;
    private final Post post;
    private final ServiceRegistry services;
    private final Function<Account, Future<Void>> preferencesChanged;
    private final Predicate<Account> archived;
    private final Map<String, IqProcessor> processors = new HashMap<>();

    /// @param archived true for an account that has an archive
    /// @param preferencesChanged reads what an account wants archived again; does not fail
    IqAnswers(
            Bus bus,
            Post post,
            ServiceRegistry services,
            List<IqProcessor> processors,
            Predicate<Account> archived,
            Function<Account, Future<Void>> preferencesChanged) {
        this.archived = archived;
        this.preferencesChanged = preferencesChanged;
        this.bus = bus;
        this.post = post;
        this.services = services;
        processors.forEach(processor -> this.processors.put(processor.namespace(), processor));
    }

    /// Answers a request. IQs that are no requests are ignored: nobody here has asked anything.
    /// Completes when it is answered and what was asked is done: if it is not, it has to be asked
    /// again.
    Future<Void> answer(Stanza iq, IqTarget target, @Nullable Account account) {
        return answer(iq, target, account, post::route);
    }

    /// As above, with the answer, and what comes before it, going where it is told.
    Future<Void> answer(Stanza iq, IqTarget target, @Nullable Account account, Consumer<Stanza> asker) {
        Element query = iq.query();
        if (!iq.isRequest() || query == null) {
            return Future.succeededFuture();
        }
        Future<@Nullable Element> answer;
        try {
            answer = ask(iq, query, target, account, asker);
        } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
        }
        Future<Void> replied = reply(iq, answer, asker);
        IqProcessor processor = processors.get(query.namespace());
        Jid from = iq.from();
        return processor == null || from == null ? replied : replied.compose(_ -> processor.afterwards(from.bare()));
    }

    /// Sends the answer when it is there.
    Future<Void> reply(Stanza iq, Future<@Nullable Element> answer, Consumer<Stanza> asker) {
        // an answer that XML cannot carry fails here, too
        return answer.map(element -> element == null ? iq.result() : iq.result(element))
                .otherwise(failure -> {
                    if (!(failure instanceof BusFailure)) {
                        LOG.error("IQ {} of {} failed", iq.id(), iq.from(), failure);
                    }
                    return iq.error(BusFailure.toStanzaError(failure));
                })
                .onSuccess(asker::accept)
                .mapEmpty();
    }

    private Future<@Nullable Element> ask(
            Stanza iq, Element query, IqTarget target, @Nullable Account account, Consumer<Stanza> asker) {
        IqProcessor processor = processors.get(query.namespace());
        if (processor != null && processor.targets().contains(target)) {
            return processor.process(new IqQuestion(iq, query, target, account == null ? null : account.view()));
        }
        boolean archive = query.namespace().equals(IqSettings.ARCHIVE);
        if (account != null && isServed(query.namespace(), target) && (!archive || archived.test(account))) {
            Future<Void> before = target == IqTarget.OWN ? settled(account) : Future.succeededFuture();
            return before.compose(_ -> bus.request(
                            Addresses.iq(query.namespace()),
                            new IqRequest(account.jid(), target == IqTarget.OWN, iq),
                            IqRequest.Answer.class))
                    .compose(answer -> isPreferenceChange(iq, query, target)
                            ? preferencesChanged.apply(account).map(answer)
                            : Future.succeededFuture(answer))
                    .map(answer -> {
                        answer.before().forEach(asker);
                        return answer.payload().isEmpty()
                                ? null
                                : answer.payload().getFirst();
                    });
        }
        return unavailable();
    }

    /// Whoever asks for the archive finds there what was said before. When the log is away for
    /// long, it is the service that tells so.
    private Future<Void> settled(Account account) {
        Promise<Void> promise = Promise.promise();
        Runnable takeBack = account.log.whenSettled(promise::tryComplete);
        if (!promise.future().isComplete()) {
            long timer = bus.vertx().setTimer(PATIENCE_MILLIS, _ -> {
                takeBack.run();
                promise.tryComplete();
            });
            promise.future().onComplete(_ -> bus.vertx().cancelTimer(timer));
        }
        return promise.future();
    }

    /// XEP-0441 section 2.1: from the result on, messages are archived as it was asked.
    private static boolean isPreferenceChange(Stanza iq, Element query, IqTarget target) {
        return target == IqTarget.OWN && iq.type() == StanzaType.SET && query.is("prefs", IqSettings.ARCHIVE);
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
