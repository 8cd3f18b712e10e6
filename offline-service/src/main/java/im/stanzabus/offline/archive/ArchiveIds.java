package im.stanzabus.offline.archive;

import im.stanzabus.bus.api.StanzaIds;
import im.stanzabus.stanza.Jid;

/// The ids of an account's archived messages as clients see them. Confined to one context.
final class ArchiveIds {
    private final StanzaIds ids;
    private final long account;

    ArchiveIds(StanzaIds ids, Jid account) {
        this.ids = ids;
        this.account = StanzaIds.tag(account);
    }

    String write(long id) {
        return ids.write(account, id);
    }

    /// @throws im.stanzabus.bus.BusFailure `item-not-found` for what no message can have as its id
    long parse(String text) {
        long id = ids.read(account, text);
        if (id == 0) {
            throw Refusal.notFound();
        }
        return id;
    }
}
