package im.stanzabus.s2s.dns;

import java.util.List;

/// What the name servers know of a name: its records of one type, at its canonical name if it is an alias.
///
/// @param records none if the name has none, or does not exist
/// @param ttlSeconds how long that may be remembered
record Answer(List<ResourceRecord> records, long ttlSeconds) {
    static final Answer NONE = new Answer(List.of(), 0);
}
