package im.stanzabus.drill.cluster;

import java.util.ArrayList;
import java.util.List;

/// Which processes a cluster consists of.
public enum Layout {
    /// Everything in one process: nobody takes over when it is away.
    ONE,
    /// Two gateways, two session-services, and two processes with all the rest.
    GROUPED,
    /// Two processes for each service.
    APART;

    private static final int INSTANCES = 2;
    private static final List<String> REST =
            List.of("auth-service", "roster-service", "offline-service", "profile-service");

    /// One kind of process.
    ///
    /// @param name how it is called in the report
    /// @param services what it runs
    public record Kind(String name, List<String> services) {
        /// Whether clients connect to it.
        public boolean isGateway() {
            return services.contains("c2s-gateway");
        }
    }

    /// The kinds of processes of this layout.
    public List<Kind> kinds() {
        List<Kind> kinds = new ArrayList<>();
        if (this == ONE) {
            List<String> all = new ArrayList<>(List.of("c2s-gateway", "session-service"));
            all.addAll(REST);
            return List.of(new Kind("server", List.copyOf(all)));
        }
        kinds.add(new Kind("c2s-gateway", List.of("c2s-gateway")));
        kinds.add(new Kind("session-service", List.of("session-service")));
        if (this == GROUPED) {
            kinds.add(new Kind("services", REST));
        } else {
            REST.forEach(service -> kinds.add(new Kind(service, List.of(service))));
        }
        return List.copyOf(kinds);
    }

    /// How many processes of each kind there are.
    public int instances() {
        return this == ONE ? 1 : INSTANCES;
    }
}
