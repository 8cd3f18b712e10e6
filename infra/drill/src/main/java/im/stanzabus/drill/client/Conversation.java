package im.stanzabus.drill.client;

import im.stanzabus.drill.books.Copy;
import im.stanzabus.drill.books.Label;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A stream that carries stanzas, from binding or resuming to its end: counts both ways (XEP-0198 section 4),
/// notes what arrives in the books, and notices a gateway that does not answer. Lives on the clients' event
/// loop.
final class Conversation implements ClientStream.Receiver {
    private static final long REQUEST_EVERY_MILLIS = 2_000;
    private static final long PATIENCE_MILLIS = 5_000;
    private static final String STANZA_ID = "urn:xmpp:sid:0";

    /// Who waits for the answer to a request.
    interface Answer {
        /// The answer; null if the stream ended before.
        void of(@Nullable Element iq);
    }

    private final ClientContext context;
    private final DrillClient client;
    private final ClientStream stream;
    private final Outbox outbox;
    private final @Nullable String resumeId;
    private final boolean managed;
    private final Map<String, Answer> asked = new HashMap<>();
    private long received;
    private long requestedAt = -1;
    private long answeredAt;
    private int questions;

    Conversation(
            ClientContext context,
            DrillClient client,
            ClientStream stream,
            Outbox outbox,
            @Nullable String resumeId,
            long received,
            boolean managed) {
        this.context = context;
        this.client = client;
        this.stream = stream;
        this.outbox = outbox;
        this.resumeId = resumeId;
        this.received = received;
        this.managed = managed;
        this.answeredAt = context.now();
    }

    /// How to go on with it when it is broken; null if it cannot be resumed.
    Negotiation.@Nullable Resumption resumption() {
        return resumeId == null ? null : new Negotiation.Resumption(resumeId, received);
    }

    void presence() {
        send("<presence/>", null);
    }

    void send(Label label) {
        String to = label.receiver() + '@' + client.account().domain();
        send(
                "<message type='chat' to='" + to + "' id='" + label.stanzaId() + "'><body>"
                        + label.on(client.streams()).text() + "</body></message>",
                label);
        request();
    }

    void ask(String type, String payload, Answer answer) {
        String id = "q" + questions++;
        asked.put(id, answer);
        send("<iq type='" + type + "' id='" + id + "'>" + payload + "</iq>", null);
    }

    private void send(String stanza, @Nullable Label label) {
        if (managed) {
            outbox.sent(new Outbox.Sent(stanza, label));
        }
        write(stanza);
    }

    void write(String xml) {
        stream.write(xml);
    }

    /// Asks for an acknowledgement unless one is on its way.
    void request() {
        if (managed && requestedAt < 0) {
            requestedAt = context.now();
            write("<r xmlns='" + Negotiation.SM + "'/>");
        }
    }

    void acknowledge() {
        if (managed) {
            write("<a xmlns='" + Negotiation.SM + "' h='" + received + "'/>");
        }
    }

    void tick(long now) {
        if (requestedAt >= 0 && now - requestedAt > PATIENCE_MILLIS) {
            stream.abort("no answer to <r/>");
        } else if (now - answeredAt > REQUEST_EVERY_MILLIS) {
            request();
        }
    }

    /// The stream is over: nobody will answer any more.
    void over() {
        Map<String, Answer> waiting = Map.copyOf(asked);
        asked.clear();
        waiting.values().forEach(answer -> answer.of(null));
    }

    @Override
    public void heard() {
        client.heard();
    }

    @Override
    public void ended(String why) {
        client.failed(why);
    }

    @Override
    public void received(Element element) {
        if (element.isStanza()) {
            received++;
            switch (element.name()) {
                case "message" -> message(element);
                case "iq" -> iq(element);
                default -> {}
            }
        } else if (element.is("r", Negotiation.SM)) {
            acknowledge();
        } else if (element.is("a", Negotiation.SM)) {
            requestedAt = -1;
            answeredAt = context.now();
            if (client.covered(Long.parseLong(element.attribute("h"))) && outbox.size() > 0) {
                context.vertx().setTimer(20, timer -> request());
            }
        }
    }

    private void message(Element message) {
        if (message.attribute("type").equals("error")) {
            Label label = Label.ofStanzaId(message.attribute("id"));
            if (label != null) {
                String condition = message.child("error", "jabber:client")
                        .map(Negotiation::condition)
                        .orElse("");
                context.books().refused(label, condition);
            }
            return;
        }
        Copy copy = copy(message);
        if (copy != null) {
            context.books().delivered(client.name(), copy, stanzaId(message), context.now());
        }
        message.child("result", ArchiveQuery.MAM)
                .flatMap(result -> result.child("forwarded", "urn:xmpp:forward:0"))
                .flatMap(forwarded -> forwarded.child("message", "jabber:client"))
                .map(Conversation::copy)
                .ifPresent(archived -> context.books().archived(archived.label()));
    }

    private static @Nullable Copy copy(Element message) {
        return message.child("body", "jabber:client")
                .map(body -> Copy.parse(body.text()))
                .orElse(null);
    }

    private @Nullable String stanzaId(Element message) {
        return message.children().stream()
                .filter(child -> child.is("stanza-id", STANZA_ID)
                        && child.attribute("by").equals(client.account().jid()))
                .map(child -> child.attribute("id"))
                .findFirst()
                .orElse(null);
    }

    private void iq(Element iq) {
        String type = iq.attribute("type");
        String id = iq.attribute("id");
        if (type.equals("result") || type.equals("error")) {
            Answer answer = asked.remove(id);
            if (answer != null) {
                answer.of(iq);
            }
            return;
        }
        String to = iq.attribute("from").isEmpty() ? "" : " to='" + iq.attribute("from") + "'";
        boolean ping = iq.child("ping", "urn:xmpp:ping").isPresent();
        send(
                "<iq type='" + (ping ? "result" : "error") + "' id='" + id + "'" + to
                        + (ping
                                ? "/>"
                                : "><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                                        + "</error></iq>"),
                null);
    }
}
