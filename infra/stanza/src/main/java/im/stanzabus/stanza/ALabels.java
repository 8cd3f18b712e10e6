package im.stanzabus.stanza;

/// Domain names as DNS and certificates have them: international labels as A-labels (RFC 5890 section 2.3.2.1),
/// where a {@link Jid} keeps U-labels.
public final class ALabels {
    private ALabels() {}

    /// The name with all its labels in ASCII.
    ///
    /// @param domain the domainpart of a {@link Jid}
    public static String of(String domain) {
        if (isAscii(domain)) {
            return domain;
        }
        StringBuilder name = new StringBuilder(domain.length() + 16);
        for (String label : domain.split("\\.", -1)) {
            name.append(name.isEmpty() ? "" : ".");
            name.append(isAscii(label) ? label : "xn--" + Punycode.encode(label));
        }
        return name.toString();
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }
}
