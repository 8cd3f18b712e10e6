package im.stanzabus.bus;

/// Where a stanza came in: the same for every attempt to hand it on, so that it can be recognised.
///
/// @param stream a random number of the stream, kept over resumptions (XEP-0198)
/// @param number the stanza's number on the stream, from 1
public record Origin(long stream, long number) implements BusMessage {}
