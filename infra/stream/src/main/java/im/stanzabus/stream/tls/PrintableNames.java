package im.stanzabus.stream.tls;

import javax.security.auth.x500.X500Principal;

/// Texts of strangers' certificates, fit for a line of the log.
final class PrintableNames {
    private static final int LONGEST = 120;

    private PrintableNames() {}

    static String of(X500Principal name) {
        return of(name.getName());
    }

    static String of(String text) {
        StringBuilder printable = new StringBuilder();
        text.codePoints()
                .limit(LONGEST)
                .forEach(
                        c -> printable.appendCodePoint(Character.isISOControl(c) || !Character.isDefined(c) ? '?' : c));
        return text.codePointCount(0, text.length()) > LONGEST ? printable + "…" : printable.toString();
    }
}
