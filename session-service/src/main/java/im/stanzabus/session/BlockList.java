package im.stanzabus.session;

import im.stanzabus.stanza.Jid;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The addresses that an account blocks (XEP-0191), immutable.
final class BlockList {
    private final Set<Jid> jids;

    BlockList(List<Jid> jids) {
        this.jids = jids.isEmpty() ? Set.of() : new LinkedHashSet<>(jids);
    }

    Set<Jid> jids() {
        return jids;
    }

    boolean isEmpty() {
        return jids.isEmpty();
    }

    /// Matches an address by section 5 of the XEP: full JID, bare JID, domain with resource, domain.
    boolean blocks(Jid entity) {
        if (jids.isEmpty()) {
            return false;
        }
        if (jids.contains(entity) || jids.contains(entity.bare()) || jids.contains(entity.domainJid())) {
            return true;
        }
        String resource = entity.resource();
        return resource != null && entity.hasLocal() && jids.contains(Jid.of(entity.domain() + '/' + resource));
    }
}
