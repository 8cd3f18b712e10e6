package im.stanzabus.s2s.dialback;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.StreamError.Condition;
import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.XmlText;
import org.jspecify.annotations.Nullable;

/// Reads and writes the elements of dialback (XEP-0220 sections 2 and 6).
public final class DialbackElements {
    public static final String NAMESPACE = "jabber:server:dialback";

    /// The prefix for {@link #NAMESPACE}, to be declared in the stream's header: there are
    /// servers that know no other.
    public static final String PREFIX = "db";

    private static final String FEATURE_NAMESPACE = "urn:xmpp:features:dialback";

    /// The stream feature that says that errors need not end the stream (section 2.4.2).
    public static final Element FEATURE = Element.builder("dialback", FEATURE_NAMESPACE)
            .child(Element.of("errors", FEATURE_NAMESPACE))
            .build();

    private static final String RESULT = "result";
    private static final String VERIFY = "verify";

    private DialbackElements() {}

    public static boolean isDialback(Element element) {
        return element.namespace().equals(NAMESPACE);
    }

    /// Whether a peer that announces these features lets a stream go on after an error.
    public static boolean offersErrors(Element features) {
        Element dialback = features.child("dialback", FEATURE_NAMESPACE);
        return dialback != null && dialback.child("errors") != null;
    }

    /// Reads an element of {@link #NAMESPACE}.
    ///
    /// @throws StreamErrorException `improper-addressing` if the addresses are not two domains,
    ///     `bad-format` and `unsupported-stanza-type` for what is no dialback
    public static Dialback read(Element element) throws StreamErrorException {
        boolean verify = element.name().equals(VERIFY);
        if (!verify && !element.name().equals(RESULT)) {
            throw new StreamErrorException(Condition.UNSUPPORTED_STANZA_TYPE, "dialback has no such element");
        }
        String from = domain(element.attribute("from"));
        String to = domain(element.attribute("to"));
        Verdict verdict = verdict(element);
        // Requests for authorization and answers to verification come from the sender's side.
        DomainPair pair = verify == (verdict != null) ? new DomainPair(from, to) : new DomainPair(to, from);
        if (!verify) {
            return verdict == null
                    ? new Dialback.AuthorizationRequest(pair, element.text().strip())
                    : new Dialback.AuthorizationAnswer(pair, verdict);
        }
        String id = element.attribute("id");
        if (id == null || id.isEmpty()) {
            throw new StreamErrorException(Condition.BAD_FORMAT, "a verification names the stream it is about");
        }
        return verdict == null
                ? new Dialback.VerificationRequest(pair, id, element.text().strip())
                : new Dialback.VerificationAnswer(pair, id, verdict);
    }

    /// RFC 6120 section 4.9.3.7: what is between servers has both addresses, and here they are
    /// domains.
    private static String domain(@Nullable String address) throws StreamErrorException {
        if (address == null) {
            throw new StreamErrorException(Condition.IMPROPER_ADDRESSING, "dialback is from a domain to a domain");
        }
        try {
            Jid jid = Jid.parse(address);
            if (!jid.hasLocal() && jid.isBare()) {
                return jid.domain();
            }
        } catch (JidSyntaxException _) {
            // said below
        }
        throw new StreamErrorException(Condition.IMPROPER_ADDRESSING, "an address of dialback is not a domain");
    }

    private static @Nullable Verdict verdict(Element element) throws StreamErrorException {
        String type = element.attribute("type");
        return switch (type) {
            case null -> null;
            case "valid" -> Verdict.VALID;
            case "invalid" -> Verdict.INVALID;
            case "error" -> new Verdict.Failed(condition(element));
            default -> throw new StreamErrorException(Condition.BAD_FORMAT, "dialback has no such type");
        };
    }

    /// An error without a condition is one all the same.
    private static DialbackCondition condition(Element element) {
        for (Element child : element.children()) {
            if (child.name().equals("error")) {
                for (Element condition : child.children()) {
                    if (condition.namespace().equals(Namespaces.STANZA_ERRORS)
                            && !condition.name().equals("text")) {
                        return DialbackCondition.read(condition.name());
                    }
                }
            }
        }
        return DialbackCondition.UNDEFINED_CONDITION;
    }

    /// An element as it is written inside a stream whose content is in `jabber:server` and whose
    /// header declares {@link #PREFIX}.
    public static String write(Dialback dialback) {
        DomainPair pair = dialback.pair();
        return switch (dialback) {
            case Dialback.AuthorizationRequest request ->
                write(start(RESULT, pair).text(request.key()));
            case Dialback.AuthorizationAnswer answer -> write(answered(start(RESULT, pair.reversed()), answer));
            case Dialback.VerificationRequest request ->
                write(start(VERIFY, pair.reversed())
                        .attribute("id", request.id())
                        .text(request.key()));
            case Dialback.VerificationAnswer answer ->
                write(answered(start(VERIFY, pair).attribute("id", answer.id()), answer));
        };
    }

    /// @param way from whom to whom the element goes
    private static Element.Builder start(String name, DomainPair way) {
        return Element.builder(name, NAMESPACE).attribute("from", way.sender()).attribute("to", way.target());
    }

    private static Element.Builder answered(Element.Builder element, Dialback.Answer answer) {
        return switch (answer.verdict()) {
            case Verdict.Valid _ -> element.attribute("type", "valid");
            case Verdict.Invalid _ -> element.attribute("type", "invalid");
            case Verdict.Failed failed -> element.attribute("type", "error").child(error(failed.condition()));
        };
    }

    private static Element error(DialbackCondition condition) {
        return Element.builder("error", Namespaces.SERVER)
                .attribute("type", condition.type().wire())
                .child(Element.of(condition.wire(), Namespaces.STANZA_ERRORS))
                .build();
    }

    private static String write(Element.Builder builder) {
        Element element = builder.build();
        String name = PREFIX + ':' + element.name();
        StringBuilder out = new StringBuilder(256).append('<').append(name);
        XmlText.rest(out, element, name, Namespaces.SERVER);
        return out.toString();
    }
}
