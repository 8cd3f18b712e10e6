package im.stanzabus.offline.archive;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A part of what a query finds.
///
/// @param messages in the order of the archive
/// @param complete true if nothing of the result is left in the direction of paging
/// @param count how many messages the query finds in all; null if nobody asked, or it is too many to count
record ArchivePage(
        List<ArchivedMessage> messages,
        boolean complete,
        @Nullable Long count) {}
