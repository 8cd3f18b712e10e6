package im.stanzabus.stanza;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import rocks.xmpp.precis.PrecisProfile;
import rocks.xmpp.precis.PrecisProfiles;

/// Preparation and enforcement of the three parts of an address (RFC 7622 sections 3.2 to 3.4), with a short way for
/// plain ASCII, which is what nearly all addresses are made of.
final class JidParts {
    private static final int MAX_BYTES = 1023;
    private static final String NOT_IN_LOCALPART = "\"&'/:<>@";

    private JidParts() {}

    static String localpart(String text) throws JidSyntaxException {
        String prepared = isPlain(text, false) ? text : enforce(PrecisProfiles.USERNAME_CASE_MAPPED, text, "localpart");
        for (int i = 0; i < prepared.length(); i++) {
            if (NOT_IN_LOCALPART.indexOf(prepared.charAt(i)) >= 0) {
                throw new JidSyntaxException("localpart contains " + prepared.charAt(i));
            }
        }
        return checkLength(prepared, "localpart");
    }

    static String resourcepart(String text) throws JidSyntaxException {
        String prepared = isPlain(text, true) ? text : enforce(PrecisProfiles.OPAQUE_STRING, text, "resourcepart");
        return checkLength(prepared, "resourcepart");
    }

    static String domainpart(String text) throws JidSyntaxException {
        if (isPlainDomain(text)) {
            return checkLength(text, "domainpart");
        }
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (name.startsWith("[") && name.endsWith("]")) {
            return checkLength(name.toLowerCase(Locale.ROOT), "domainpart");
        }
        try {
            String ascii = IDN.toASCII(name, IDN.USE_STD3_ASCII_RULES);
            if (ascii.isEmpty() || ascii.startsWith(".") || ascii.contains("..")) {
                throw new JidSyntaxException("domainpart has an empty label");
            }
            String unicode = IDN.toUnicode(ascii, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
            return checkLength(unicode, "domainpart");
        } catch (IllegalArgumentException e) {
            throw new JidSyntaxException("domainpart is not a domain name");
        }
    }

    private static String enforce(PrecisProfile profile, String text, String part) throws JidSyntaxException {
        try {
            return profile.enforce(text);
        } catch (RuntimeException e) {
            throw new JidSyntaxException(part + " has characters that are not allowed");
        }
    }

    private static String checkLength(String part, String name) throws JidSyntaxException {
        if (part.isEmpty()) {
            throw new JidSyntaxException(name + " is empty");
        }
        if (part.length() > MAX_BYTES
                || (part.length() > MAX_BYTES / 3 && part.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES)) {
            throw new JidSyntaxException(name + " is longer than " + MAX_BYTES + " bytes");
        }
        return part;
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

    private static boolean isPlainDomain(String text) {
        boolean labelStart = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (labelStart) {
                    return false;
                }
                labelStart = true;
            } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
                labelStart = false;
            } else if (c != '-' || labelStart) {
                return false;
            }
        }
        return !labelStart && text.indexOf("xn--") < 0 && text.charAt(text.length() - 1) != '-';
    }
}
