package im.stanzabus.session.iq;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.processor.IqQuestion;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Checks the shape of a request before it is looked into, and words refusals.
final class Requests {
    private Requests() {}

    /// The answer, if the request is a `get` of that element; else `not-allowed` for a `set`,
    /// `bad-request` for another element.
    static Future<@Nullable Element> get(
            IqQuestion question, String element, Supplier<Future<@Nullable Element>> answer) {
        return expect(StanzaType.GET, question, element, answer);
    }

    /// The same for a namespace that only knows `set`.
    static Future<@Nullable Element> set(
            IqQuestion question, String element, Supplier<Future<@Nullable Element>> answer) {
        return expect(StanzaType.SET, question, element, answer);
    }

    static <T extends @Nullable Object> Future<T> refuse(Condition condition, String text) {
        return Future.failedFuture(new BusFailure(StanzaError.of(condition, text), text));
    }

    private static Future<@Nullable Element> expect(
            StanzaType type, IqQuestion question, String element, Supplier<Future<@Nullable Element>> answer) {
        StanzaError mistake = question.mistake(type, element);
        return mistake == null ? answer.get() : Future.failedFuture(new BusFailure(mistake, "another request"));
    }
}
