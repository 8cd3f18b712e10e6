package im.stanzabus.bench.link;

import im.stanzabus.bench.load.measure.Accounting;
import im.stanzabus.testkit.peer.OpenNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// The memory of links to many domains over which nothing goes: a user writes one headline to each domain, which is
/// dropped there.
///
/// @param home the folder of this project
/// @param number how many domains
record IdleLinks(Path home, OpenNetwork network, int number) {
    static final String HEADER = """
            | server | links | connections | memory before, MiB | after | KiB per link | live heap per link, KiB |
            |---|---|---|---|---|---|---|""";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long LOOK_AGAIN = 200;
    private static final long REST = 15_000;
    private static final int AT_A_TIME = 20;
    private static final double KIB = 1024;
    private static final String NEAR = "near";

    String measure(Kind kind) throws Exception {
        List<String> domains = new ArrayList<>(List.of("far.example"));
        for (int i = 0; i < number; i++) {
            domains.add("d" + i + ".far.example");
        }
        try (StanzabusProcess far = new StanzabusProcess(home, network, domains);
                Kind.Started near = kind.start(home, network, "near.example")) {
            Side side = near.side();
            Accounting accounting = Accounting.of(Map.of(NEAR, side.process().pid()));
            side.server().createUser("romeo", side.server().host());
            try (Client romeo = Client.online(side.server(), "romeo")) {
                write(romeo, far, domains.getFirst(), 1);
                Thread.sleep(REST);
                long heapBefore = LiveHeap.bytes(side.process());
                long before = memory(accounting);
                for (int i = 1; i <= number; i += AT_A_TIME) {
                    for (String domain : domains.subList(i, Math.min(i + AT_A_TIME, number + 1))) {
                        headline(romeo, domain);
                    }
                    awaitLinks(far, Math.min(i + AT_A_TIME, number + 1));
                }
                Thread.sleep(REST);
                long after = memory(accounting);
                long heap = LiveHeap.bytes(side.process());
                long connections = Connections.to(far.side().serverPort());
                return String.format(
                        Locale.ROOT,
                        "| %s | %d | %d | %.0f | %.0f | %.1f | %s |",
                        kind,
                        number,
                        connections,
                        before / KIB,
                        after / KIB,
                        (double) (after - before) / number,
                        heap == 0 ? "-" : String.format(Locale.ROOT, "%.1f", (heap - heapBefore) / KIB / number));
            }
        }
    }

    private static long memory(Accounting accounting) {
        return Objects.requireNonNull(accounting.memory().get(NEAR)).proportional();
    }

    private static void write(Client romeo, StanzabusProcess far, String domain, int links)
            throws IOException, InterruptedException {
        headline(romeo, domain);
        awaitLinks(far, links);
    }

    private static void headline(Client romeo, String domain) throws IOException {
        romeo.send("<message type='headline' to='nobody@" + domain + "'><body>0</body></message>");
    }

    private static void awaitLinks(StanzabusProcess far, long number) throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (Connections.to(far.side().serverPort()) < number) {
            if (Instant.now().isAfter(deadline)) {
                throw new IOException(
                        "only " + Connections.to(far.side().serverPort()) + " of " + number + " links came up");
            }
            Thread.sleep(LOOK_AGAIN);
        }
    }
}
