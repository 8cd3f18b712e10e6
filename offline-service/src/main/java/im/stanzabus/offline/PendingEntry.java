package im.stanzabus.offline;

import im.stanzabus.bus.api.LogRequest.Entry;
import im.stanzabus.bus.api.LogRequest.Outcome;
import java.time.LocalDate;

/// An entry on its way into the database.
///
/// @param entry as it was asked to be written
/// @param owner its account, as text
/// @param stanza its stanza, as it is stored
/// @param lastDay until when it is kept
/// @param deadline when its request must be answered, by {@link System#nanoTime}
record PendingEntry(
        Entry entry, String owner, byte[] stanza, LocalDate lastDay, long deadline, AppendRequest request, int index) {

    void settle(Outcome outcome) {
        request.settle(index, outcome);
    }

    void fail(Throwable failure) {
        request.fail(failure);
    }
}
