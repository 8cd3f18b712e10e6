package im.stanzabus.cluster.hazelcast;

import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.Member;

/// What a member says of itself.
///
/// @param edition rises with every change, so that an older one that arrives later is known as such
record Announcement(long edition, Member member) implements BusMessage {}
