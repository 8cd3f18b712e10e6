package im.stanzabus.stanza;

/// Domains as the Domain Name System and certificates have them.
public final class DomainNames {
    private DomainNames() {}

    /// A domainpart with A-labels (RFC 5890 section 2.3.2.1) for its international labels. What
    /// is in ASCII, IP addresses too, stays as it is.
    ///
    /// @param domain in prepared form, as {@link Jid#domain} has it
    public static String ascii(String domain) {
        if (isAscii(domain)) {
            return domain;
        }
        StringBuilder ascii = new StringBuilder();
        for (String label : domain.split("\\.", -1)) {
            ascii.append(ascii.isEmpty() ? "" : ".").append(isAscii(label) ? label : "xn--" + Punycode.encode(label));
        }
        return ascii.toString();
    }

    /// False for an IP address, which can be a domainpart too (RFC 7622 section 3.2).
    ///
    /// @param ascii a domainpart in ASCII
    public static boolean isName(String ascii) {
        String last = ascii.substring(ascii.lastIndexOf('.') + 1);
        // no top-level domain is a number (RFC 3696 section 2)
        return !ascii.startsWith("[") && !last.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }
}
