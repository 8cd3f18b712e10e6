package im.stanzabus.session;

import im.stanzabus.stanza.Jid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The accounts whose state is held in a partition. Confined to its context.
final class Accounts {
    private final Map<Jid, Account> accounts = new HashMap<>();

    @Nullable
    Account find(Jid jid) {
        return accounts.get(jid.bare());
    }

    Account get(Jid jid) {
        return accounts.computeIfAbsent(jid.bare(), Account::new);
    }

    void remove(Account account) {
        accounts.remove(account.jid(), account);
    }

    Collection<Account> all() {
        return accounts.values();
    }

    /// Those of some slots, in no particular order.
    List<Account> of(Set<Integer> slots) {
        List<Account> found = new ArrayList<>();
        for (Account account : accounts.values()) {
            if (slots.contains(account.slot)) {
                found.add(account);
            }
        }
        return found;
    }

    int size() {
        return accounts.size();
    }

    /// How many streams there are whose connection is there, or is not.
    int resources(boolean attached) {
        int count = 0;
        for (Account account : accounts.values()) {
            for (Resource resource : account.resources()) {
                if (resource.isAttached() == attached) {
                    count++;
                }
            }
        }
        return count;
    }
}
