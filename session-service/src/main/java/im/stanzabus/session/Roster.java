package im.stanzabus.session;

import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the owner of an account knows of its roster and block list: the last snapshot from roster-service,
/// kept current with its answers. The truth is in roster-service.
final class Roster {
    private final Map<Jid, RosterItem> items;
    private final Map<Jid, Stanza> pending = new LinkedHashMap<>();
    private String version;
    private BlockList blocked;

    Roster(RosterRequest.Snapshot snapshot) {
        version = snapshot.version();
        items = snapshot.items().isEmpty()
                ? new LinkedHashMap<>(2)
                : new LinkedHashMap<>(snapshot.items().size() * 4 / 3 + 1);
        snapshot.items().forEach(item -> items.put(item.jid(), item));
        snapshot.pending().forEach(this::addPending);
        blocked = new BlockList(snapshot.blocked());
    }

    String version() {
        return version;
    }

    Collection<RosterItem> items() {
        return items.values();
    }

    @Nullable
    RosterItem item(Jid contact) {
        return items.get(contact.bare());
    }

    /// True if the entity may see the account's presence.
    boolean letsSee(Jid entity) {
        RosterItem item = item(entity);
        return item != null && item.contactSeesUser();
    }

    void apply(RosterRequest.Push push) {
        version = push.version();
        RosterItem item = push.item();
        if (item.subscription() == RosterItem.Subscription.REMOVE) {
            items.remove(item.jid());
            pending.remove(item.jid());
        } else {
            items.put(item.jid(), item);
        }
    }

    /// Subscription requests without an answer, as they came.
    Collection<Stanza> pending() {
        return pending.values();
    }

    void addPending(Stanza request) {
        Jid from = request.from();
        if (from != null) {
            pending.put(from.bare(), request);
        }
    }

    boolean isPending(Jid contact) {
        return pending.containsKey(contact.bare());
    }

    void removePending(Jid contact) {
        pending.remove(contact.bare());
    }

    BlockList blocked() {
        return blocked;
    }

    void blocked(List<Jid> now) {
        blocked = new BlockList(now);
    }
}
