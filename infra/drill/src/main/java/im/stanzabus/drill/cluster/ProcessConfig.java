package im.stanzabus.drill.cluster;

import im.stanzabus.storage.DatabaseConfig;
import java.util.List;
import java.util.stream.Collectors;

/// The configuration file of one process of the cluster.
///
/// @param name of the process
/// @param host the address on which it listens
/// @param seeds host and port of every process of the cluster; empty for a server that is alone
record ProcessConfig(
        String name,
        String domain,
        String host,
        int clientPort,
        int httpPort,
        int clusterPort,
        String databaseHost,
        DatabaseConfig database,
        List<String> seeds) {

    /// A process that is alone runs all services.
    private static final String OTHER_SERVERS = """
            s2s-gateway:
              host: 127.0.0.1
              port: 0
              direct-tls:
                enabled: false
            """;

    String yaml() {
        return """
                hosts:
                  - domain: %s
                data: data
                database:
                  host: %s
                  port: %d
                  name: %s
                  user: %s
                  password: %s
                  pool-size: 4
                http:
                  host: %s
                  port: %d
                c2s-gateway:
                  host: %s
                  port: %d
                  starttls: optional
                  direct-tls:
                    enabled: false
                  limits:
                    connections-per-address: 0
                auth-service:
                  iterations: 4096
                """.formatted(
                                domain,
                                databaseHost,
                                database.port(),
                                database.name(),
                                database.user(),
                                database.password(),
                                host,
                                httpPort,
                                host,
                                clientPort)
                + (seeds.isEmpty() ? OTHER_SERVERS : cluster());
    }

    private String cluster() {
        return """
                cluster:
                  join: seeds
                  node: %s
                  host: %s
                  port: %d
                  seeds: [%s]
                """.formatted(
                        name,
                        host,
                        clusterPort,
                        seeds.stream().map(seed -> '"' + seed + '"').collect(Collectors.joining(", ")));
    }
}
