package im.stanzabus.bench.link;

import im.stanzabus.testkit.peer.OpenNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Measures links, one kind of server after the other, in as many rounds as wished.
@Command(
        name = "link",
        mixinStandardHelpOptions = true,
        description = {
            "Stanzas per second and CPU time per stanza over one link between two servers of a kind,",
            "and the memory of idle links to many domains. Everything is on the loopback interface."
        })
final class LinkCommand implements Callable<Integer> {
    private static final long MILLIS = 1000;
    private static final String NEAR = "near.example";
    private static final String FAR = "far.example";

    @Option(names = "--home", required = true, hidden = true)
    private Path home = Path.of("");

    @Option(
            names = "--servers",
            split = ",",
            description = "Which: ${COMPLETION-CANDIDATES} (all).",
            defaultValue = "STANZABUS,PROSODY,PROSODY_ACKNOWLEDGED,EJABBERD")
    private List<Kind> servers = List.of();

    @Option(names = "--rounds", defaultValue = "1", description = "How often each is started (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--windows", defaultValue = "3", description = "Measurements of one start (${DEFAULT-VALUE}).")
    private int windows;

    @Option(names = "--seconds", defaultValue = "5", description = "Length of a measurement (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--warm-up", defaultValue = "10", description = "Seconds of load before them (${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--under-way", defaultValue = "200", description = "Messages at a time (${DEFAULT-VALUE}).")
    private int underWay;

    @Option(
            names = "--rates",
            split = ",",
            defaultValue = "0,1000",
            description = "Messages per second; 0 for as many as go (${DEFAULT-VALUE}).")
    private List<Integer> rates = List.of();

    @Option(names = "--idle", defaultValue = "0", description = "Idle links to that many domains instead of load.")
    private int idle;

    public static void main(String... arguments) {
        int exitCode = new CommandLine(new LinkCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments);
        Runtime.getRuntime().halt(exitCode);
    }

    @Override
    public Integer call() throws Exception {
        List<String> table = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            for (Kind kind : servers) {
                Path folder = Files.createTempDirectory("stanzabus-link");
                try (OpenNetwork network = new OpenNetwork(folder)) {
                    if (idle > 0) {
                        table.add(new IdleLinks(home, network, idle).measure(kind));
                    } else {
                        table.addAll(loaded(kind, network));
                    }
                }
            }
        }
        say(idle > 0 ? IdleLinks.HEADER : Window.HEADER);
        table.forEach(LinkCommand::say);
        return 0;
    }

    private List<String> loaded(Kind kind, OpenNetwork network) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Kind.Started near = kind.start(home, network, NEAR);
                Kind.Started far = kind.start(home, network, FAR)) {
            Load.createUsers(near.side().server());
            Load.createUsers(far.side().server());
            for (int rate : rates) {
                rows.addAll(loaded(kind, near.side(), far.side(), rate));
            }
        }
        return rows;
    }

    private List<String> loaded(Kind kind, Side near, Side far, int rate) throws IOException, InterruptedException {
        List<String> rows = new ArrayList<>();
        try (Load load = new Load(near.server(), far.server(), underWay, rate)) {
            Thread.sleep(warmUp * MILLIS);
            for (int i = 0; i < windows; i++) {
                Window window = Window.begin(load, near, far);
                Thread.sleep(seconds * MILLIS);
                rows.add(window.row(kind, rate));
                say(rows.getLast());
            }
            long missing = load.missing();
            if (missing != 0) {
                rows.add("| " + kind + " | " + rate + " | " + missing + " messages were lost |");
                say(rows.getLast());
            }
        }
        return rows;
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
