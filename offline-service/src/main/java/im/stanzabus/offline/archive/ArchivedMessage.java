package im.stanzabus.offline.archive;

import java.time.Instant;

/// A message of an archive.
///
/// @param received when the server took it in
/// @param stanza XML that stands on its own
record ArchivedMessage(long id, Instant received, byte[] stanza) {}
