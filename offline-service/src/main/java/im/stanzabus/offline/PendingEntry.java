package im.stanzabus.offline;

import java.time.Instant;

/// An entry on its way into the database.
///
/// @param deadline when its request must be answered, by {@link System#nanoTime}
record PendingEntry(
        String owner, long id, Instant received, byte[] stanza, long deadline, AppendRequest request, int index) {

    void keep(boolean kept) {
        request.settle(index, kept);
    }

    void fail(Throwable failure) {
        request.fail(failure);
    }
}
