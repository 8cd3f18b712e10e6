package im.stanzabus.stanza;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/// What a server adds to stanzas on their way: ids (XEP-0359) and when it took them in (XEP-0203).
public final class Stamps {
    private static final ElementName STANZA_ID = new ElementName(Namespaces.STANZA_ID, "stanza-id");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Stamps() {}

    /// Takes out ids that claim to be the account's: only its owner gives them (XEP-0359 section
    /// 4).
    public static Stanza withoutForgedIds(Stanza message, Jid account) {
        Payload payload = message.payload();
        return payload.has(STANZA_ID.name(), STANZA_ID.namespace())
                ? message.withPayload(payload.without(element -> isBy(element, account)))
                : message;
    }

    /// True if the message has an id of the account.
    public static boolean hasStanzaId(Stanza message, Jid account) {
        Payload payload = message.payload();
        return payload.has(STANZA_ID.name(), STANZA_ID.namespace())
                && payload.children().stream().anyMatch(element -> isBy(element, account));
    }

    private static boolean isBy(Element element, Jid account) {
        String by = element.attribute("by");
        if (by == null || !element.is(STANZA_ID.name(), STANZA_ID.namespace())) {
            return false;
        }
        try {
            return Jid.parse(by).equals(account);
        } catch (JidSyntaxException _) {
            return false;
        }
    }

    /// Adds the account's id for a message (XEP-0359 section 3.1). Runs once per message: the bytes are joined
    /// without reading them.
    public static Stanza withStanzaId(Stanza message, Jid account, String id) {
        Payload payload = message.payload();
        byte[] before = payload.bytes();
        byte[] added = ("<stanza-id xmlns='" + Namespaces.STANZA_ID + "' by='" + escape(account.toString()) + "' id='"
                        + id + "'/>")
                .getBytes(StandardCharsets.UTF_8);
        byte[] joined = Arrays.copyOf(before, before.length + added.length);
        System.arraycopy(added, 0, joined, before.length, added.length);
        ElementName[] names = new ElementName[payload.size() + 1];
        for (int i = 0; i < payload.size(); i++) {
            names[i] = payload.name(i);
        }
        names[payload.size()] = STANZA_ID;
        return message.withPayload(new Payload(joined, names));
    }

    /// An address inside an attribute. A localpart has none of these characters (RFC 7622 section
    /// 3.3.1).
    private static String escape(String text) {
        if (text.indexOf('\'') < 0 && text.indexOf('&') < 0 && text.indexOf('<') < 0) {
            return text;
        }
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&apos;");
    }

    /// Adds when the server took the message in (XEP-0203), unless it says so: it may have been
    /// stamped for a client that it did not reach either.
    public static Stanza withDelay(Stanza stanza, Instant received) {
        Jid to = stanza.to();
        Element delay = Element.builder("delay", Namespaces.DELAY)
                .attribute("from", to == null ? null : to.domain())
                .attribute("stamp", TIME.format(received))
                .build();
        boolean stamped = stanza.payload().has("delay", Namespaces.DELAY)
                && stanza.payload().children().contains(delay);
        return stamped ? stanza : stanza.withPayload(stanza.payload().plus(delay));
    }

    /// A time as XEP-0082 writes it.
    public static String time(Instant instant) {
        return TIME.format(instant);
    }
}
