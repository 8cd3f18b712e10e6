package im.stanzabus.launcher.http;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.Member;
import im.stanzabus.bus.Rendezvous;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.View;
import im.stanzabus.bus.api.ProcessStatus;
import im.stanzabus.bus.api.StatusRequest;
import im.stanzabus.cluster.lease.PgLeases;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the whole cluster is like, as one of its processes learns it by asking the others. Safe from any
/// thread.
public final class ClusterStatus {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterStatus.class);
    private static final long ANSWER_SECONDS = 2;

    private final Bus bus;
    private final String cluster;
    private final SlotTable slots;
    private final PgLeases leases;

    /// @param cluster its name; empty for a process that is alone
    public ClusterStatus(Bus bus, String cluster, SlotTable slots, PgLeases leases) {
        this.bus = bus;
        this.cluster = cluster;
        this.slots = slots;
        this.leases = leases;
    }

    /// Never fails: who does not answer within two seconds is shown as such.
    Future<JsonObject> report() {
        View view = bus.membership().view();
        List<Future<Optional<ProcessStatus>>> asked =
                view.members().stream().map(this::ask).toList();
        Future<Optional<Map<Integer, String>>> holders = leases.holders()
                .timeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                .map(Optional::of)
                .otherwise(failure -> {
                    LOG.debug("the database does not answer", failure);
                    return Optional.empty();
                });
        return Future.join(asked)
                .compose(_ -> holders)
                .map(held -> report(view, asked.stream().map(Future::result).toList(), held));
    }

    private Future<Optional<ProcessStatus>> ask(Member member) {
        return bus.requestAt(Addresses.at(Addresses.STATUS, member.node()), new StatusRequest(), ProcessStatus.class)
                .timeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                .map(Optional::of)
                .otherwise(failure -> {
                    LOG.debug("{} does not answer", member.node(), failure);
                    return Optional.empty();
                });
    }

    private JsonObject report(
            View view, List<Optional<ProcessStatus>> answers, Optional<Map<Integer, String>> holders) {
        JsonArray members = new JsonArray();
        Map<String, Integer> services = new TreeMap<>();
        Map<String, Long> totals = new TreeMap<>();
        for (int i = 0; i < answers.size(); i++) {
            ProcessStatus answer = answers.get(i).orElse(null);
            members.add(member(view.members().get(i), answer));
            if (answer != null) {
                answer.services().forEach(service -> services.merge(service, 1, Integer::sum));
                answer.gauges().forEach((name, value) -> totals.merge(name, value, Long::sum));
            }
        }
        return new JsonObject()
                .put("cluster", cluster)
                .put("asked", bus.self().name())
                .put("database", holders.isPresent())
                .put("members", members)
                .put("services", new JsonObject(new TreeMap<>(services)))
                .put("slots", slots(view, holders))
                .put("totals", new JsonObject(new TreeMap<>(totals)));
    }

    private static JsonObject member(Member member, @Nullable ProcessStatus answer) {
        JsonObject shown = new JsonObject()
                .put("node", member.node().name())
                .put("version", member.version())
                .put("leaving", member.leaving())
                .put("answers", answer != null)
                .put("serves", new JsonArray(List.copyOf(new TreeSet<>(member.names()))));
        if (answer != null) {
            shown.put("services", new JsonArray(answer.services()))
                    .put("since", answer.since())
                    .put("database", answer.database())
                    .put("isolated", answer.isolated())
                    .put("gauges", new JsonObject(new TreeMap<>(answer.gauges())));
        }
        return shown;
    }

    /// Who holds slots, and how many are held by nobody who lives or by somebody who is to hand them over.
    /// Without the database it is what this process takes for true.
    private JsonObject slots(View view, Optional<Map<Integer, String>> holders) {
        List<String> living = view.servingAll(Addresses.SESSIONS, true);
        List<String> candidates = view.servingAll(Addresses.SESSIONS, false);
        Map<String, Integer> owners = new TreeMap<>();
        int unowned = 0;
        int moving = 0;
        Map<Integer, String> held = holders.orElseGet(this::believed);
        for (int slot = 0; slot < SlotTable.SLOTS; slot++) {
            String holder = held.get(slot);
            if (holder == null || !living.contains(holder)) {
                unowned++;
            } else {
                owners.merge(holder, 1, Integer::sum);
                moving += holder.equals(Rendezvous.choose(slot, candidates)) ? 0 : 1;
            }
        }
        return new JsonObject()
                .put("total", SlotTable.SLOTS)
                .put("unowned", unowned)
                .put("moving", moving)
                .put("owners", new JsonObject(new TreeMap<>(owners)));
    }

    private Map<Integer, String> believed() {
        Map<Integer, String> owners = new HashMap<>();
        for (int slot = 0; slot < SlotTable.SLOTS; slot++) {
            String owner = slots.ownerOf(slot);
            if (owner != null) {
                owners.put(slot, owner);
            }
        }
        return owners;
    }
}
