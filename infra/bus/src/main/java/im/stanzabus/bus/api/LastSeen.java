package im.stanzabus.bus.api;

import im.stanzabus.bus.BusMessage;
import im.stanzabus.stanza.Jid;
import java.time.Instant;

/// Tells profile-service, at {@link im.stanzabus.bus.Addresses#PROFILE}, that the last resource of an account
/// went away. Answered with {@link Done}.
///
/// @param status the text of the last unavailable presence; empty for none
public record LastSeen(Jid account, Instant at, String status) implements BusMessage {}
