package im.stanzabus.cluster.hazelcast;

import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.Member;
import org.jspecify.annotations.Nullable;

/// What a member says of itself.
///
/// @param edition rises with every change, so that an older one that arrives later is known as such
/// @param busHost where its event bus is reached; null as long as it has none, or if it is of an earlier version
/// @param busPort as above
record Announcement(long edition, Member member, @Nullable String busHost, int busPort) implements BusMessage {
    Announcement(Member member) {
        this(1, member, null, 0);
    }

    Announcement with(Member changed) {
        return new Announcement(edition + 1, changed, busHost, busPort);
    }

    Announcement reachedAt(String host, int port) {
        return new Announcement(edition + 1, member, host, port);
    }
}
