package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Management;
import im.stanzabus.bus.Rendezvous;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Gives streams without a connection to another gateway to keep when theirs is gone or about to stop, so
/// that two processes hold them again. Confined to the partition's context.
final class Placing {
    private static final long PATIENCE_NANOS = 2_000_000_000L;

    private final Bus bus;
    private final Post post;

    Placing(Bus bus, Post post) {
        this.bus = bus;
        this.post = post;
    }

    /// The gateways that will stay for a while.
    List<String> gateways() {
        return bus.membership().view().servingAll(Addresses.GATEWAYS, false);
    }

    /// Sees to it that a gateway keeps the stream. What comes of its client must be dealt with before, for
    /// that gateway is told how far that is.
    ///
    /// @return false while no gateway is known to do so though one could
    boolean isKept(Resource resource, List<String> gateways) {
        Management management = resource.management();
        boolean elsewhere = resource.isAttached() && post.isReachable(resource.connection());
        if (management == null || !resource.isResumable() || resource.isGone() || elsewhere) {
            return true;
        }
        String keeper = keeper(resource, gateways);
        boolean stays = resource.connection().gateway().equals(keeper);
        long asked = resource.askedToKeep();
        if (keeper == null || (stays && asked == 0)) {
            return true;
        }
        boolean waits = stays && System.nanoTime() - asked < PATIENCE_NANOS;
        if (!waits && resource.progress.isIdle() && (resource.resuming == null || !resource.account.open)) {
            give(resource, keeper, management);
        }
        return false;
    }

    /// The account is about to be given away, and there was no time to finish what the client has sent: the
    /// stream cannot go on, but what waits for the client need not be lost with it.
    void giveUp(Resource resource, List<String> gateways) {
        Management management = resource.management();
        if (management != null && !isKept(resource, gateways) && !resource.progress.isIdle()) {
            String keeper = keeper(resource, gateways);
            if (keeper != null) {
                give(resource, keeper, new Management("", 0, management.inBase(), management.outBase()));
            }
        }
    }

    /// The gateway where it is, if that stays; null if there is none.
    private static @Nullable String keeper(Resource resource, List<String> gateways) {
        String present = resource.connection().gateway();
        return gateways.contains(present) ? present : Rendezvous.choose(Long.hashCode(resource.stream), gateways);
    }

    private void give(Resource resource, String gateway, Management management) {
        ConnectionId present = resource.connection();
        // numbers that gateways give themselves are positive
        ConnectionId keeper = present.gateway().equals(gateway)
                ? present
                : new ConnectionId(gateway, ThreadLocalRandom.current().nextLong(Long.MIN_VALUE, 0));
        resource.keptAt(keeper, System.nanoTime());
        resource.notes.stateChanged = false;
        resource.notes.handledTold = resource.progress.upTo();
        List<ConnectionEvent.Deliver> unconfirmed = resource.outbound.movedTo(keeper);
        post.tell(Resumption.resumed(resource, keeper, management, unconfirmed));
    }

    /// The gateway of a detached stream says that it has it.
    void kept(Resource resource) {
        ConnectionId home = resource.home();
        if (resource.askedToKeep() != 0 && home != null && post.isReachable(home)) {
            post.tell(new ConnectionEvent.Disconnect(home, null));
        }
        resource.kept();
    }
}
