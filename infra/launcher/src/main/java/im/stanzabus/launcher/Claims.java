package im.stanzabus.launcher;

import im.stanzabus.bus.Router;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceDescriptor.ServedDomain;
import im.stanzabus.bus.View;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a service has for itself alone: its domains, and the IQ namespaces in which it answers for accounts.
/// Instances of one service have the same name and share them.
final class Claims {
    private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

    private final ServiceDescriptor service;
    private Set<String> told = Set.of();

    /// @param descriptor its domains are brought into the form that those of stanzas have
    /// @throws StartupException if one of them is no domain, or a host
    Claims(ServiceDescriptor descriptor, Router router) {
        service = descriptor.withDomains(descriptor.domains().stream()
                .map(served -> new ServedDomain(
                        domain(descriptor, served.domain()), served.category(), served.type(), served.title()))
                .toList());
        for (ServedDomain served : service.domains()) {
            if (router.isHost(served.domain())) {
                throw new StartupException(service.name() + " cannot have the domain " + served.domain()
                        + ", which is one of the hosts; it needs one of its own");
            }
        }
    }

    private static String domain(ServiceDescriptor descriptor, String written) {
        try {
            Jid jid = Jid.parse(written);
            if (!jid.hasLocal() && jid.isBare()) {
                return jid.domain();
            }
        } catch (JidSyntaxException _) {
            // told below
        }
        throw new StartupException(descriptor.name() + " cannot have '" + written + "', which is not a domain");
    }

    ServiceDescriptor service() {
        return service;
    }

    /// @throws StartupException if the server answers something of it itself, or a living service of another
    ///     name does
    void check(View view) {
        for (String namespace : service.iqNamespaces().keySet()) {
            if (DomainService.SERVER_NAMESPACES.contains(namespace)) {
                throw new StartupException(service.name() + " cannot have the namespace " + namespace
                        + ", which the server answers itself");
            }
        }
        Set<String> taken = taken(view);
        if (!taken.isEmpty()) {
            throw new StartupException(service.name() + " cannot have " + String.join(", ", taken));
        }
    }

    /// Tells the log of what another service has taken since: two that started at the same time do not see
    /// each other before.
    synchronized void watch(View view) {
        Set<String> taken = taken(view);
        for (String each : taken) {
            if (!told.contains(each)) {
                LOG.error("{} wants {}, too: one of the two needs another", service.name(), each);
            }
        }
        told = taken;
    }

    private Set<String> taken(View view) {
        Set<String> taken = new TreeSet<>();
        Set<String> domains = domains(service);
        view.members().stream()
                .flatMap(member -> member.services().stream())
                .filter(other -> !other.name().equals(service.name()))
                .forEach(other -> {
                    other.domains().stream()
                            .filter(served -> domains.contains(served.domain()))
                            .forEach(served -> taken.add(has("domain", served.domain(), other)));
                    other.iqNamespaces().keySet().stream()
                            .filter(service.iqNamespaces()::containsKey)
                            .forEach(namespace -> taken.add(has("namespace", namespace, other)));
                });
        return taken;
    }

    private static String has(String what, String name, ServiceDescriptor other) {
        return "the " + what + ' ' + name + ", which " + other.name() + " has";
    }

    private static Set<String> domains(ServiceDescriptor descriptor) {
        Set<String> domains = new HashSet<>();
        descriptor.domains().forEach(served -> domains.add(served.domain()));
        return domains;
    }
}
