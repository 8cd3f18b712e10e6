package im.stanzabus.sender;

import java.util.Locale;

/// What became of a row.
///
/// @param id of the row
/// @param detail why, in words for people; empty if there is nothing to say
record Outcome(long id, Kind kind, String detail) {
    private static final int MOST_DETAIL = 500;

    /// What a row's outcome can be.
    enum Kind {
        /// The receiver's part of the server has taken the stanza over.
        SENT,
        /// It is no stanza that may be sent.
        REFUSED,
        /// Nobody serves its receiver.
        UNREACHABLE;

        private final String wire = name().toLowerCase(Locale.ROOT);

        /// The word in the table.
        String wire() {
            return wire;
        }
    }

    Outcome {
        detail = detail.length() > MOST_DETAIL ? detail.substring(0, MOST_DETAIL) : detail;
    }
}
