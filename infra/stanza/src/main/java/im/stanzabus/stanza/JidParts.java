package im.stanzabus.stanza;

import java.nio.charset.StandardCharsets;
import rocks.xmpp.precis.PrecisProfile;
import rocks.xmpp.precis.PrecisProfiles;

/// Preparation and enforcement of the three parts of an address (RFC 7622 sections 3.2 to 3.4), with a short way for
/// plain ASCII, which is what nearly all addresses are made of.
final class JidParts {
    private static final int MAX_BYTES = 1023;
    private static final String NOT_IN_LOCALPART = "\"&'/:<>@";

    private JidParts() {}

    static String localpart(String text) throws JidSyntaxException {
        checkRaw(text, "localpart");
        String prepared = isPlain(text, false) ? text : enforce(PrecisProfiles.USERNAME_CASE_MAPPED, text, "localpart");
        for (int i = 0; i < prepared.length(); i++) {
            if (NOT_IN_LOCALPART.indexOf(prepared.charAt(i)) >= 0) {
                throw new JidSyntaxException("localpart contains " + prepared.charAt(i));
            }
        }
        return checkLength(prepared, "localpart");
    }

    static String resourcepart(String text) throws JidSyntaxException {
        checkRaw(text, "resourcepart");
        String prepared = isPlain(text, true) ? text : enforce(PrecisProfiles.OPAQUE_STRING, text, "resourcepart");
        if (prepared.startsWith(" ")) {
            throw new JidSyntaxException("resourcepart begins with a space"); // RFC 7622 section 3.5, example 18
        }
        return checkLength(prepared, "resourcepart");
    }

    static String domainpart(String text) throws JidSyntaxException {
        checkRaw(text, "domainpart");
        return checkLength(JidDomain.prepare(text), "domainpart");
    }

    static String enforce(PrecisProfile profile, String text, String part) throws JidSyntaxException {
        try {
            return profile.enforce(text);
        } catch (RuntimeException e) {
            throw new JidSyntaxException(part + " has characters that are not allowed");
        }
    }

    /// Refuses texts that no mapping brings within the limit before the costly ones are tried: no character becomes
    /// shorter than a third of itself.
    private static void checkRaw(String part, String name) throws JidSyntaxException {
        if (part.isEmpty()) {
            throw new JidSyntaxException(name + " is empty");
        }
        if (part.length() > 3 * MAX_BYTES) {
            throw tooLong(name);
        }
    }

    private static String checkLength(String part, String name) throws JidSyntaxException {
        if (part.length() > MAX_BYTES
                || (part.length() > MAX_BYTES / 3 && part.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES)) {
            throw tooLong(name);
        }
        return part;
    }

    private static JidSyntaxException tooLong(String name) {
        return new JidSyntaxException(name + " is longer than " + MAX_BYTES + " bytes");
    }

    /// Printable ASCII that both profiles leave as it is: no capitals and no space in a localpart.
    private static boolean isPlain(String text, boolean opaque) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < (opaque ? ' ' : '!') || c > '~' || (!opaque && c >= 'A' && c <= 'Z')) {
                return false;
            }
        }
        return true;
    }
}
