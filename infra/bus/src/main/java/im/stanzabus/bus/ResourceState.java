package im.stanzabus.bus;

import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the owner of an account knows of one of its bound resources and cannot read anywhere again. The
/// gateway keeps it unread and gives it to the next owner.
///
/// @param presence the last presence that was broadcast; null while the resource is not available
/// @param interested true once it has asked for the roster
/// @param wantsBlockList true once it has asked for the block list
/// @param carbons true if it wants copies
/// @param takesSince the message id from which on it has taken what was sent to the bare JID
/// @param directed who was sent directed presence
/// @param since when the connection got the resource, in milliseconds of an owner's clock; 0 if that is not known. Of
///     two connections that claim one resource, the later is the client's
public record ResourceState(
        @Nullable Stanza presence,
        boolean interested,
        boolean wantsBlockList,
        boolean carbons,
        long takesSince,
        List<Jid> directed,
        long since)
        implements BusMessage {
    /// That of a resource that was just bound.
    public static final ResourceState NEW = new ResourceState(null, false, false, false, 0, List.of());

    /// One of which it is not known since when it is there.
    public ResourceState(
            @Nullable Stanza presence,
            boolean interested,
            boolean wantsBlockList,
            boolean carbons,
            long takesSince,
            List<Jid> directed) {
        this(presence, interested, wantsBlockList, carbons, takesSince, directed, 0);
    }
}
