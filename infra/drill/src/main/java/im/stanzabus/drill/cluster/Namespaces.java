package im.stanzabus.drill.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A network of Linux network namespaces: one for each process, and a router with a bridge for each half. Clients and
/// database stay outside, with an address each. The router drops what must not pass, without a word, as a dead link
/// does. Needs root and iproute2.
public final class Namespaces implements Network {
    private static final String NAME = "stanzabus-drill-";
    private static final int FIRST_NETWORK = 201;
    private static final int LAST_NETWORK = 250;
    private static final Path KNOWN = Path.of("/run/netns");

    private final String name;
    private final String network;
    private final String cable;
    private final List<String> made = new ArrayList<>();
    private int places;
    private boolean closed;

    private Namespaces(String name, String network) {
        this.name = name;
        this.network = network;
        this.cable = "sb" + ProcessHandle.current().pid();
    }

    /// Builds the router. What a drill that was killed has left is removed first.
    ///
    /// @throws IOException if it is not possible here, with the reason
    public static Namespaces build() throws IOException {
        removeLeftovers();
        IOException last = new IOException("no free network");
        for (int number = FIRST_NETWORK; number <= LAST_NETWORK; number++) {
            if (isFree("10." + number + ".")) {
                String name = NAME + ProcessHandle.current().pid() + '-';
                Namespaces network = new Namespaces(name, "10." + number + ".");
                try {
                    network.buildRouter();
                    return network;
                } catch (IOException e) {
                    network.close();
                    last = e;
                    break;
                }
            }
        }
        throw last;
    }

    private static boolean isFree(String start) throws IOException {
        return Files.readAllLines(Path.of("/proc/net/fib_trie")).stream().noneMatch(line -> line.contains(" " + start));
    }

    private static void removeLeftovers() throws IOException {
        if (!Files.isDirectory(KNOWN)) {
            return;
        }
        try (Stream<Path> files = Files.list(KNOWN)) {
            for (Path file : files.toList()) {
                String[] parts = file.getFileName().toString().split("-", -1);
                if (file.getFileName().toString().startsWith(NAME)
                        && parts.length > 2
                        && parts[2].matches("[0-9]+")
                        && ProcessHandle.of(Long.parseLong(parts[2])).isEmpty()) {
                    Commands.run("ip", "netns", "del", file.getFileName().toString());
                }
            }
        }
    }

    private void buildRouter() throws IOException {
        String router = space("router");
        inside(router, "link", "set", "lo", "up");
        Commands.run("ip", "link", "add", "name", cable, "type", "veth", "peer", "name", "out", "netns", router);
        Commands.run("ip", "address", "add", network + "0.1/24", "dev", cable);
        Commands.run("ip", "address", "add", network + "0.3/24", "dev", cable);
        Commands.run("ip", "link", "set", cable, "up");
        inside(router, "address", "add", network + "0.2/24", "dev", "out");
        inside(router, "link", "set", "out", "up");
        for (int half = 1; half <= 2; half++) {
            inside(router, "link", "add", "name", "half" + half, "type", "bridge");
            inside(router, "address", "add", network + half + ".1/24", "dev", "half" + half);
            inside(router, "link", "set", "half" + half, "up");
        }
        Commands.run("ip", "netns", "exec", router, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        Commands.run("ip", "route", "add", network + "0.0/16", "via", network + "0.2", "src", network + "0.1");
    }

    @Override
    public synchronized Place place(int half) throws IOException {
        places++;
        String side = network + (half + 1);
        String space = space("p" + places);
        String router = name + "router";
        String port = "p" + places;
        Commands.run(
                "ip", "link", "add", "name", "eth0", "netns", space, "type", "veth", "peer", "name", port, "netns",
                router);
        inside(router, "link", "set", port, "master", "half" + (half + 1));
        inside(router, "link", "set", port, "up");
        String host = side + '.' + (places + 1);
        inside(space, "link", "set", "lo", "up");
        inside(space, "address", "add", host + "/24", "dev", "eth0");
        inside(space, "link", "set", "eth0", "up");
        inside(space, "route", "add", "default", "via", side + ".1");
        return new Place(host, List.of("ip", "netns", "exec", space));
    }

    @Override
    public List<String> databaseHosts() {
        return List.of(network + "0.3", "127.0.0.1");
    }

    @Override
    public String databaseClients() {
        return network + "0.0/16";
    }

    @Override
    public String cannotSplit() {
        return "";
    }

    @Override
    public void split(boolean fromDatabase) throws IOException {
        drop(1, network + "1.0/24", network + "2.0/24");
        if (fromDatabase) {
            drop(3, network + "0.3/32", network + "2.0/24");
        }
    }

    private void drop(int preference, String one, String other) throws IOException {
        String router = name + "router";
        String first = Integer.toString(preference);
        String second = Integer.toString(preference + 1);
        inside(router, "rule", "add", "pref", first, "from", one, "to", other, "blackhole");
        inside(router, "rule", "add", "pref", second, "from", other, "to", one, "blackhole");
    }

    @Override
    public void heal() throws IOException {
        String router = name + "router";
        for (int preference = 1; preference <= 4; preference++) {
            if (preference <= 2 || hasRule(router, preference)) {
                inside(router, "rule", "del", "pref", Integer.toString(preference));
            }
        }
    }

    private static boolean hasRule(String router, int preference) {
        try {
            Commands.run("ip", "netns", "exec", router, "sh", "-c", "ip rule list | grep -q ^" + preference + ":");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private String space(String suffix) throws IOException {
        if (closed) {
            throw new IOException("the network is gone");
        }
        Commands.run("ip", "netns", "add", name + suffix);
        made.add(name + suffix);
        return name + suffix;
    }

    private static void inside(String space, String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of("ip", "-n", space));
        all.addAll(List.of(command));
        Commands.run(all.toArray(String[]::new));
    }

    /// The cables and routes go with the namespaces.
    @Override
    public synchronized void close() {
        closed = true;
        for (String space : made) {
            try {
                Commands.run("ip", "netns", "del", space);
            } catch (IOException e) {
                System.err.println("A network namespace was left behind: " + e.getMessage());
            }
        }
        made.clear();
    }
}
