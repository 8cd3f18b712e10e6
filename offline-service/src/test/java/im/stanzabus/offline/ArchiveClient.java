package im.stanzabus.offline;

import static im.stanzabus.offline.LogServer.JULIET;
import static im.stanzabus.offline.LogServer.await;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.bus.api.StanzaIds;
import im.stanzabus.offline.archive.Archive;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A client of JULIET that asks for its archive.
final class ArchiveClient {
    static final String RSM = "http://jabber.org/protocol/rsm";
    static final Jid BALCONY = Jid.of("juliet@example.org/balcony");

    private final LogServer log;

    ArchiveClient(LogServer log) {
        this.log = log;
    }

    /// How a client knows an entry of JULIET's log.
    static String id(long number) {
        return new StanzaIds(LogServer.ID_KEY).write(StanzaIds.tag(LogServer.JULIET), number);
    }

    /// The number of an entry in the log, by the id that a client was told.
    static long number(@Nullable String id) {
        return new StanzaIds(LogServer.ID_KEY).read(StanzaIds.tag(LogServer.JULIET), String.valueOf(id));
    }

    /// A page as it reached the client.
    record Answer(List<Stanza> messages, Element fin) {
        /// The ids of the results, in the order of sending.
        List<Long> ids() {
            return messages.stream()
                    .map(message -> number(result(message).attribute("id")))
                    .toList();
        }

        static Element result(Stanza message) {
            return Objects.requireNonNull(message.payload().child("result", Archive.NAMESPACE));
        }

        Element forwarded(int index) {
            return Objects.requireNonNull(result(messages.get(index)).child("forwarded", Namespaces.FORWARD));
        }

        boolean complete() {
            return "true".equals(fin.attribute("complete"));
        }

        /// The first or the last of the page.
        long end(String name) {
            return number(set(name));
        }

        @Nullable
        String set(String name) {
            return Objects.requireNonNull(fin.child("set", RSM)).childText(name);
        }
    }

    static Element form(Map<String, String> fields) {
        Element.Builder form = Element.builder("x", Namespaces.DATA_FORMS)
                .attribute("type", "submit")
                .child(field("FORM_TYPE", Archive.NAMESPACE));
        fields.forEach((name, value) -> form.child(field(name, value)));
        return form.build();
    }

    static Element field(String name, String... values) {
        Element.Builder field = Element.builder("field", Namespaces.DATA_FORMS).attribute("var", name);
        for (String value : values) {
            field.childText("value", value);
        }
        return field.build();
    }

    /// An element `<set/>`: pairs of a name and a text.
    static Element set(String... parts) {
        Element.Builder set = Element.builder("set", RSM);
        for (int i = 0; i < parts.length; i += 2) {
            set.child(parts[i + 1].isEmpty() ? Element.of(parts[i], RSM) : Element.text(parts[i], RSM, parts[i + 1]));
        }
        return set.build();
    }

    static Element flip() {
        return Element.of("flip-page", Archive.NAMESPACE);
    }

    Answer query(Element... parts) {
        IqRequest.Answer answer = ask(
                StanzaType.SET,
                Element.builder("query", Archive.NAMESPACE)
                        .attribute("queryid", "q1")
                        .children(List.of(parts))
                        .build());
        return new Answer(answer.before(), answer.payload().getFirst());
    }

    Answer with(Map<String, String> fields) {
        return query(form(fields));
    }

    IqRequest.Answer ask(StanzaType type, Element payload) {
        return ask(true, type, payload);
    }

    IqRequest.Answer ask(boolean own, StanzaType type, Element payload) {
        Stanza iq = Stanza.iq(type, "i1", BALCONY, null, payload);
        return await(log.bus.request(
                Addresses.iq(Archive.NAMESPACE), new IqRequest(JULIET, own, iq), IqRequest.Answer.class));
    }

    /// The condition of the refusal.
    static StanzaError.Condition refusal(Runnable request) {
        try {
            request.run();
        } catch (BusFailure failure) {
            return failure.error().condition();
        }
        throw new AssertionError("it was not refused");
    }
}
