package im.stanzabus.roster;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The version of a roster (RFC 6121 section 2.6). Clients see an opaque text. It names the incarnation of the
/// roster too: an account that is removed and made again counts from the start, and a client must not take the
/// new roster for the old one.
///
/// @param incarnation which life of the roster
/// @param number of changes so far
record RosterVersion(String incarnation, long number) {
    /// The version of a roster that has never been changed, which needs no row in the database.
    static final String UNTOUCHED = "0";

    private static final char SEPARATOR = '-';
    private static final int INCARNATION_BYTES = 5;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// A name for a new incarnation.
    static String newIncarnation() {
        byte[] bytes = new byte[INCARNATION_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /// The version that a client names; null if no roster ever had it.
    static @Nullable RosterVersion parse(String text) {
        int separator = text.indexOf(SEPARATOR);
        if (separator < 0) {
            return null;
        }
        try {
            return new RosterVersion(
                    text.substring(0, separator), Long.parseLong(text, separator + 1, text.length(), 10));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    String text() {
        return incarnation + SEPARATOR + number;
    }
}
