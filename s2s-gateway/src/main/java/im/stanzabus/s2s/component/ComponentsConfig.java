package im.stanzabus.s2s.component;

import im.stanzabus.launcher.config.ConfigException;
import im.stanzabus.launcher.config.Settings;
import im.stanzabus.s2s.policy.QueueLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// What the section `s2s-gateway.components` says.
///
/// @param address the local address where components connect to
/// @param port its port; 0 for any free one
/// @param directTls connections begin with TLS; without, there is none
/// @param queue what may wait for one component
/// @param all those that are known
public record ComponentsConfig(
        String address, int port, boolean directTls, QueueLimits queue, List<ComponentConfig> all) {
    private static final QueueLimits USUAL = new QueueLimits(10_000, 16 << 20, Duration.ofSeconds(10));

    public ComponentsConfig {
        all = List.copyOf(all);
    }

    public static ComponentsConfig read(Settings settings) {
        return new ComponentsConfig(
                settings.text("host", "127.0.0.1"),
                settings.number("port", 5347, 0, 65_535),
                settings.flag("direct-tls", false),
                QueueLimits.read(settings.section("queue"), USUAL),
                components(settings));
    }

    private static List<ComponentConfig> components(Settings settings) {
        List<ComponentConfig> all = new ArrayList<>();
        Set<String> domains = new HashSet<>();
        for (Settings entry : settings.sections("domains")) {
            ComponentConfig component = ComponentConfig.read(entry);
            if (component != null && !domains.add(component.domain())) {
                entry.error("domain", "is that of another component, too");
            } else if (component != null) {
                all.add(component);
            }
        }
        return all;
    }

    /// @throws ConfigException if a component has the domain of a virtual host
    public void check(Predicate<String> isHost) {
        for (ComponentConfig component : all) {
            if (isHost.test(component.domain())) {
                throw component.place().mistake("is a virtual host, which has no component");
            }
        }
    }

    /// Whether a domain is a component's, connected or not.
    public boolean has(String domain) {
        for (ComponentConfig component : all) {
            if (component.domain().equals(domain)) {
                return true;
            }
        }
        return false;
    }

    /// Whether there is anything to be done.
    public boolean isUsed() {
        return !all.isEmpty();
    }

    /// Whether there are components that connect to us.
    public boolean isListening() {
        return all.stream().anyMatch(component -> component.connect() == null);
    }
}
