package im.stanzabus.sender;

/// A row of `stanza_outbox` that was taken to be sent.
///
/// @param stanza as it was inserted
/// @param again true if it was taken before, by this process or another, and may have been sent
record OutboxRow(long id, String stanza, boolean again) {}
