package im.stanzabus.stanza;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Locale;
import rocks.xmpp.precis.PrecisProfiles;

/// Preparation of the domainpart (RFC 7622 section 3.2): a domain name, of which international labels are kept as
/// U-labels, an IPv4 address, or an IPv6 address in brackets. One dot at the end is dropped.
///
/// International labels are checked by the PRECIS class of identifiers, which allows what IDNA 2008 allows and ASCII
/// besides, and by what IDNA 2008 says of hyphens, combining marks and lengths.
final class JidDomain {
    private static final int MAX_LABEL = 63;
    private static final int MAX_IPV6 = 45;

    private JidDomain() {}

    static String prepare(String text) throws JidSyntaxException {
        return isPlain(text) ? text : mapped(text);
    }

    /// The long way, for names that are not plain.
    static String mapped(String text) throws JidSyntaxException {
        String name = withAsciiDots(text);
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        if (name.isEmpty()) {
            throw new JidSyntaxException("domainpart is empty");
        }
        if (name.startsWith("[")) {
            return ipv6(name);
        }
        StringBuilder prepared = new StringBuilder();
        for (String label : name.split("\\.", -1)) {
            prepared.append(prepared.isEmpty() ? "" : ".").append(label(label));
        }
        return prepared.toString();
    }

    /// The full stops that stand for a dot between labels (RFC 5895 section 2).
    private static String withAsciiDots(String text) {
        return text.replace('\u3002', '.').replace('\uff0e', '.').replace('\uff61', '.');
    }

    private static String ipv6(String text) throws JidSyntaxException {
        String address = text.endsWith("]") ? text.substring(1, text.length() - 1) : "";
        boolean literal = address.length() <= MAX_IPV6 && address.indexOf(':') >= 0;
        for (int i = 0; i < address.length() && literal; i++) {
            char c = address.charAt(i);
            literal = c == ':' || c == '.' || (c < 0x80 && Character.digit(c, 16) >= 0);
        }
        if (!literal || !isAddress(address)) {
            throw new JidSyntaxException("domainpart is not an IPv6 address");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private static boolean isAddress(String literal) {
        try {
            // One that stands for an IPv4 address comes back as such.
            return InetAddress.ofLiteral(literal) instanceof Inet4Address || literal.indexOf(':') >= 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String label(String text) throws JidSyntaxException {
        String label = mappedLabel(text);
        if (label.startsWith("xn--")) {
            String unicode = Punycode.decode(label.substring("xn--".length()));
            if (isAscii(unicode)
                    || !mappedLabel(unicode).equals(unicode)
                    || !label.equals("xn--" + Punycode.encode(unicode))) {
                throw new JidSyntaxException("domainpart has a broken xn-- label");
            }
            label = unicode;
        }
        check(label);
        return label;
    }

    private static String mappedLabel(String label) throws JidSyntaxException {
        if (label.isEmpty()) {
            throw new JidSyntaxException("domainpart has an empty label");
        }
        if (label.length() > MAX_LABEL) {
            throw tooLong();
        }
        return JidParts.enforce(PrecisProfiles.USERNAME_CASE_MAPPED, label, "domainpart");
    }

    private static void check(String label) throws JidSyntaxException {
        for (int i = 0; i < label.length(); i++) {
            char c = label.charAt(i);
            boolean allowed = c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
            if (!allowed) {
                throw new JidSyntaxException("domainpart has characters that are not allowed");
            }
        }
        if (label.startsWith("-") || label.endsWith("-") || label.startsWith("--", 2)) {
            throw new JidSyntaxException("domainpart has a misplaced hyphen");
        }
        int first = Character.getType(label.codePointAt(0));
        if (first == Character.NON_SPACING_MARK
                || first == Character.COMBINING_SPACING_MARK
                || first == Character.ENCLOSING_MARK) {
            throw new JidSyntaxException("domainpart has a label that begins with a combining mark");
        }
        int length = isAscii(label)
                ? label.length()
                : "xn--".length() + Punycode.encode(label).length();
        if (length > MAX_LABEL) {
            throw tooLong();
        }
    }

    private static JidSyntaxException tooLong() {
        return new JidSyntaxException("domainpart has a label longer than " + MAX_LABEL + " bytes");
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /// True for a name in lower-case ASCII that is prepared already.
    private static boolean isPlain(String text) {
        int label = 0;
        boolean hyphen = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (label == 0 || hyphen) {
                    return false;
                }
                label = 0;
                continue;
            }
            boolean letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!letter && (c != '-' || label == 0 || label == 3)) {
                return false; // a hyphen at the fourth place may belong to xn--
            }
            hyphen = !letter;
            if (++label > MAX_LABEL) {
                return false;
            }
        }
        return label > 0 && !hyphen;
    }
}
