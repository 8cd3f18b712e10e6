package im.stanzabus.cluster;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.api.LogRequest.Direction;
import im.stanzabus.bus.api.LogRequest.Entry;
import im.stanzabus.bus.api.LogRequest.Outcome;
import im.stanzabus.stanza.Jid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The message log, with the epoch of each account's owner.
final class SimulatedLog {
    /// @param lastId -1 if a higher epoch has claimed the account
    record Standing(long lastId) {}

    private static final class Account {
        final TreeMap<Long, Entry> entries = new TreeMap<>();
        final Map<Long, String> writers = new HashMap<>();
        long epoch;
    }

    private final Set<Rule> rules;
    private final Map<Jid, Account> accounts = new HashMap<>();

    /// What must never happen and did.
    final List<String> violations = new ArrayList<>();

    SimulatedLog(Set<Rule> rules) {
        this.rules = rules;
    }

    Standing claim(Jid owner, long epoch) {
        Account account = account(owner);
        if (epoch < account.epoch && rules.contains(Rule.FENCING)) {
            return new Standing(-1);
        }
        account.epoch = Math.max(account.epoch, epoch);
        return new Standing(account.entries.isEmpty() ? 0 : account.entries.lastKey());
    }

    List<Outcome> append(String writer, List<Entry> entries) {
        return entries.stream().map(entry -> append(writer, entry)).toList();
    }

    private Outcome append(String writer, Entry entry) {
        Account account = account(entry.owner());
        if (entry.epoch() < account.epoch && rules.contains(Rule.FENCING)) {
            return Outcome.STALE;
        }
        if (account.entries.containsKey(entry.id())) {
            return Outcome.KEPT;
        }
        if (entry.retry() && rules.contains(Rule.RETRY_IS_LOOKED_UP)) {
            for (Entry other : account.entries.values()) {
                if (other.direction() == entry.direction() && other.origin().equals(entry.origin())) {
                    return Outcome.DUPLICATE;
                }
            }
        }
        String other = account.writers.putIfAbsent(entry.epoch(), writer);
        if (other != null && !other.equals(writer)) {
            violations.add(other + " and " + writer + " wrote for " + entry.owner() + " in epoch " + entry.epoch());
        }
        account.entries.put(entry.id(), entry);
        return Outcome.KEPT;
    }

    /// The origins of what an account received, in order.
    List<Origin> received(Jid owner) {
        return account(owner).entries.values().stream()
                .filter(entry -> entry.direction() == Direction.RECEIVED)
                .map(Entry::origin)
                .toList();
    }

    private Account account(Jid owner) {
        return accounts.computeIfAbsent(owner, _ -> new Account());
    }
}
