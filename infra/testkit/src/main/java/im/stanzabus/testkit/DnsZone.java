package im.stanzabus.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a {@link DnsServer} knows. Safe from any thread.
final class DnsZone {
    /// How a name is treated other than it should be.
    enum Fault {
        SILENT,
        FAILURE,
        TRUNCATED
    }

    /// A record of an answer.
    record Found(String owner, DnsRecordData data) {}

    /// @param exists whether the name at the end of the aliases exists
    /// @param records the aliases on the way, then the records that were asked for
    record Lookup(boolean exists, List<Found> records) {}

    private static final int MAX_ALIASES = 8;

    private final Map<String, List<DnsRecordData>> records = new HashMap<>();
    private final Map<String, Fault> faults = new HashMap<>();
    private int ttl = 60;

    private static String key(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    synchronized void add(String name, DnsRecordData data) {
        records.computeIfAbsent(key(name), _ -> new ArrayList<>()).add(data);
    }

    synchronized void fault(String name, Fault fault) {
        faults.put(key(name), fault);
    }

    synchronized void forget(String name) {
        records.remove(key(name));
        faults.remove(key(name));
    }

    synchronized void ttl(int seconds) {
        ttl = seconds;
    }

    synchronized int ttl() {
        return ttl;
    }

    synchronized @Nullable Fault fault(String name) {
        return faults.get(key(name));
    }

    /// Looks a name up, following aliases.
    synchronized Lookup find(String name, int type) {
        List<Found> found = new ArrayList<>();
        String at = key(name);
        for (int hops = 0; hops < MAX_ALIASES; hops++) {
            List<DnsRecordData> here = records.getOrDefault(at, List.of());
            for (DnsRecordData data : here) {
                if (data.type() == type || type == DnsRecordData.ANY) {
                    found.add(new Found(at, data));
                }
            }
            DnsRecordData alias = here.stream()
                    .filter(data -> data.type() == DnsRecordData.CNAME)
                    .findFirst()
                    .orElse(null);
            if (alias == null || type == DnsRecordData.CNAME || type == DnsRecordData.ANY) {
                break;
            }
            found.add(new Found(at, alias));
            at = target(alias);
        }
        return new Lookup(exists(at), found);
    }

    private static String target(DnsRecordData alias) {
        StringBuilder name = new StringBuilder();
        byte[] data = alias.data();
        for (int at = 0; data[at] != 0; at += data[at] + 1) {
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(data, at + 1, data[at], StandardCharsets.ISO_8859_1));
        }
        return key(name.toString());
    }

    /// A name also exists if there is something below it (RFC 8020).
    private boolean exists(String name) {
        return name.isEmpty()
                || records.keySet().stream().anyMatch(known -> known.equals(name) || known.endsWith('.' + name));
    }
}
