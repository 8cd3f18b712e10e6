package im.stanzabus.stanza.xml;

import im.stanzabus.stanza.StreamError.Condition;
import im.stanzabus.stanza.StreamErrorException;

/// The stream errors of this package, by RFC 6120 section 4.9.3.
final class Refusal {
    private Refusal() {}

    static StreamErrorException notWellFormed(String text) {
        return new StreamErrorException(Condition.NOT_WELL_FORMED, text);
    }

    static StreamErrorException controlCharacter() {
        return notWellFormed("a control character");
    }

    static StreamErrorException restricted() {
        return new StreamErrorException(
                Condition.RESTRICTED_XML, "comments, processing instructions, DTDs and entities are not allowed");
    }

    static StreamErrorException encoding() {
        return new StreamErrorException(Condition.UNSUPPORTED_ENCODING, "only UTF-8 is supported");
    }

    static StreamErrorException limit(String text) {
        return new StreamErrorException(Condition.POLICY_VIOLATION, text);
    }

    static StreamErrorException tooLong(StreamLimits limits) {
        return limit("more than " + limits.maxStanzaBytes() + " bytes in one element");
    }
}
