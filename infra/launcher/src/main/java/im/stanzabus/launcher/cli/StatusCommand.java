package im.stanzabus.launcher.cli;

import im.stanzabus.launcher.LaunchOptions;
import im.stanzabus.launcher.RunningStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `stanzabus status`: the cluster as one of its processes sees it.
@Command(
        name = "status",
        description = {
            "Show the members of the running cluster, their services, slots, connections and what waits.",
            "The process that uses the configured data folder is asked, and asks all others."
        })
final class StatusCommand implements Callable<Integer> {
    private static final String CONNECTIONS = "stanzabus.c2s.connections";
    private static final String BOUND = "stanzabus.c2s.bound";
    private static final List<String> SHOWN_ELSEWHERE =
            List.of(CONNECTIONS, BOUND, "stanzabus.cluster.", "stanzabus.slots.");

    /// What rises when something does not keep up.
    private static final List<String> WAITING =
            List.of("stanzabus.log.pending", "stanzabus.session.appending", "stanzabus.session.unaccepted");

    @Option(names = "--json", description = "Write everything that is known as JSON.")
    private boolean json;

    @ParentCommand
    private @Nullable Stanzabus stanzabus;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        JsonObject status =
                RunningStatus.ask(LaunchOptions.of(Commands.parent(stanzabus).config()));
        PrintWriter out = Commands.out(spec);
        if (json) {
            out.println(status.encodePrettily());
        } else {
            write(out, status, Instant.now());
        }
        out.flush();
        return 0;
    }

    static void write(PrintWriter out, JsonObject status, Instant now) {
        String cluster = status.getString("cluster", "");
        out.println((cluster.isEmpty() ? "one process" : "cluster " + cluster) + ", database "
                + (status.getBoolean("database", false) ? "up" : "down"));
        out.println();
        members(out, status.getJsonArray("members"), now);
        out.println();
        out.println("services     " + pairs(status.getJsonObject("services")));
        JsonObject slots = status.getJsonObject("slots");
        out.println("slots        " + pairs(slots.getJsonObject("owners")));
        out.println(
                "             " + slots.getInteger("unowned") + " unowned, " + slots.getInteger("moving") + " moving");
        JsonObject totals = status.getJsonObject("totals");
        out.println("connections  " + totals.getLong(CONNECTIONS, 0L) + ", " + totals.getLong(BOUND, 0L) + " bound");
        out.println("waiting      " + gauges(totals, WAITING::contains));
        out.println("other        "
                + gauges(
                        totals,
                        name -> !WAITING.contains(name)
                                && SHOWN_ELSEWHERE.stream().noneMatch(name::startsWith)));
    }

    private static String gauges(JsonObject totals, Predicate<String> shown) {
        JsonObject named = new JsonObject();
        totals.stream()
                .filter(gauge -> shown.test(gauge.getKey()))
                .forEach(gauge -> named.put(gauge.getKey().replaceFirst("stanzabus\\.", ""), gauge.getValue()));
        return pairs(named);
    }

    private static void members(PrintWriter out, JsonArray members, Instant now) {
        int width = members.stream()
                .mapToInt(member -> ((JsonObject) member).getString("node").length())
                .max()
                .orElse(0);
        for (Object each : members) {
            JsonObject member = (JsonObject) each;
            String node = member.getString("node");
            out.println(node + " ".repeat(width - node.length()) + "  " + described(member, now));
        }
    }

    private static String described(JsonObject member, Instant now) {
        if (!member.getBoolean("answers")) {
            return member.getString("version") + "  does not answer";
        }
        JsonObject gauges = member.getJsonObject("gauges");
        String services =
                member.getJsonArray("services").stream().map(String::valueOf).collect(Collectors.joining(", "));
        return member.getString("version") + "  up " + time(Duration.between(member.getInstant("since"), now)) + "  "
                + services
                + (gauges.containsKey(CONNECTIONS)
                        ? "  (" + gauges.getLong(CONNECTIONS) + " connections, " + gauges.getLong(BOUND, 0L) + " bound)"
                        : "")
                + (member.getBoolean("leaving") ? "  LEAVING" : "")
                + (member.getBoolean("database") ? "" : "  WITHOUT DATABASE")
                + (member.getString("isolated").isEmpty() ? "" : "  ISOLATED: " + member.getString("isolated"));
    }

    private static String pairs(JsonObject counts) {
        String pairs = counts.stream()
                .map(count -> count.getKey() + " " + count.getValue())
                .collect(Collectors.joining(", "));
        return pairs.isEmpty() ? "none" : pairs;
    }

    private static String time(Duration time) {
        if (time.toMinutes() < 1) {
            return Math.max(0, time.toSeconds()) + " s";
        }
        if (time.toHours() < 1) {
            return time.toMinutes() + " min";
        }
        return time.toDays() < 2 ? time.toHours() + " h" : time.toDays() + " d";
    }
}
