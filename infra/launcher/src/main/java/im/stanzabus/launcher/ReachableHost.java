package im.stanzabus.launcher;

import im.stanzabus.launcher.config.Settings;
import java.util.List;
import java.util.Locale;

/// The address by which the other members are to reach this process, as far as it can be judged without asking
/// anybody: a loopback address leads every machine to itself. A process that nobody can reach, or that takes another
/// machine's seed for itself, would begin a cluster of its own.
///
/// @param key where it is written
/// @param host as it is written there
record ReachableHost(String key, String host) {
    static ReachableHost of(String host, String publicHost) {
        return publicHost.isEmpty() ? new ReachableHost("host", host) : new ReachableHost("public-host", publicHost);
    }

    /// Notes what does not go together, as one error.
    void check(Settings settings, ClusterConfig.Join join, List<String> seeds, String dns) {
        if (key.equals("public-host") && isAny(host)) {
            settings.error(key, "'" + host + "' is no address that other members could use");
            return;
        }
        switch (join) {
            case NONE -> {}
            case SEEDS -> checkSeeds(settings, seeds);
            case DNS -> checkOthers(settings, !dns.isEmpty() && !isLoopback(dns), "cluster.dns '" + dns + "'");
            case MULTICAST -> checkOthers(settings, true, "cluster.join: multicast");
        }
    }

    private void checkSeeds(Settings settings, List<String> seeds) {
        List<String> local =
                seeds.stream().filter(seed -> isLoopback(hostOf(seed))).toList();
        List<String> far = seeds.stream().filter(seed -> !local.contains(seed)).toList();
        if (!local.isEmpty() && !far.isEmpty()) {
            settings.error(
                    "seeds",
                    local.getFirst() + " is every machine itself, and " + far.getFirst()
                            + " is not: give each seed by the address that all members know");
        } else if (!local.isEmpty() && !isLoopback(host)) {
            settings.error(
                    "seeds",
                    local.getFirst() + " is every machine itself, and cluster." + key + " is " + host
                            + ": members on other machines would not find this one");
        } else {
            checkOthers(settings, !far.isEmpty(), "the seed " + (far.isEmpty() ? "" : far.getFirst()));
        }
    }

    private void checkOthers(Settings settings, boolean elsewhere, String reason) {
        if (elsewhere && isLoopback(host)) {
            settings.error(
                    key,
                    "is " + host + ", where only this machine can reach it; " + reason
                            + " needs this machine's address in the network of the members");
        }
    }

    private static String hostOf(String place) {
        return place.substring(0, place.lastIndexOf(':'));
    }

    private static boolean isAny(String host) {
        return host.equals("0.0.0.0") || host.equals("::");
    }

    /// Names are not looked up: what they lead to may change.
    private static boolean isLoopback(String host) {
        String plain = host.replaceAll("^\\[|]$", "").toLowerCase(Locale.ROOT);
        return plain.startsWith("127.")
                || plain.equals("::1")
                || plain.equals("localhost")
                || plain.endsWith(".localhost");
    }
}
