package im.stanzabus.session.iq;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.processor.AccountView;
import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.FragmentReader;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/// Questions from literal XML, and what comes of them. Juliet asks unless the XML says otherwise.
final class Questions {
    static final Jid JULIET = Jid.of("juliet@capulet.example");

    private Questions() {}

    /// A request as the session manager passes it on.
    static IqQuestion question(String iq, IqTarget target, String... availableResources) {
        Element element = xml(iq);
        String from = element.attribute("from");
        String to = element.attribute("to");
        Stanza stanza = new Stanza(
                Stanza.Kind.IQ,
                StanzaType.parse(Stanza.Kind.IQ, element.attribute("type")),
                element.attribute("id"),
                Jid.of(from == null ? "juliet@capulet.example/balcony" : from),
                to == null ? null : Jid.of(to),
                null,
                Payload.of(element.children()));
        Jid account = target == IqTarget.OWN ? stanza.from().bare() : stanza.to();
        return new IqQuestion(
                stanza,
                stanza.query(),
                target,
                target == IqTarget.HOST
                        ? null
                        : new AccountView(
                                account,
                                false,
                                List.of(availableResources).stream()
                                        .map(Jid::of)
                                        .toList()));
    }

    /// The child of the result; null for an empty result.
    static Element answer(IqProcessor processor, IqQuestion question) {
        return await(processor.process(question));
    }

    static Condition refusal(IqProcessor processor, IqQuestion question) {
        return refusal(processor.process(question));
    }

    static Condition refusal(Future<?> future) {
        try {
            Object value = future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
            throw new AssertionError("was not refused: " + value);
        } catch (ExecutionException e) {
            return ((BusFailure) e.getCause()).error().condition();
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /// One element; white space around it and between its children does not count.
    static Element xml(String text) {
        return FragmentReader.element(text.strip().replaceAll(">\\s+<", "><").getBytes(StandardCharsets.UTF_8));
    }

    static IqSettings settings(Predicate<Jid> anonymous, String... hosts) {
        return new IqSettings(List.of(hosts), "1.2.3", null, java.util.Map.of(), true, true, anonymous, _ -> true);
    }
}
