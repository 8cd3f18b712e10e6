package im.stanzabus.session.iq;

import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceDescriptor.ServedDomain;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.VerificationString;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the virtual hosts and their accounts tell of themselves (XEP-0030): the union of what the
/// processors here and the living services announce. Results of hosts are kept until the living
/// services change. Safe from any thread.
final class ServerDisco {
    /// The software's name, in identities and versions.
    static final String NAME = "Stanzabus";

    private static final List<String> OF_ALL = List.of(Namespaces.DISCO_INFO, Namespaces.DISCO_ITEMS);

    private final List<String> hosts;
    private final Map<String, ContactAddresses> contacts;
    private final List<IqProcessor> processors;
    private final Supplier<List<ServiceDescriptor>> services;
    private final Predicate<Jid> anonymous;
    private final Predicate<Jid> archived;
    private volatile Seen seen = new Seen(Set.of(), new ConcurrentHashMap<>());

    /// A host's disco#info result and its verification string.
    record HostInfo(Element query, String ver) {}

    private record Seen(Set<ServiceDescriptor> services, Map<String, HostInfo> hosts) {}

    /// @param processors those that answer here; the two of disco itself may be missing
    ServerDisco(IqSettings settings, List<IqProcessor> processors, Supplier<List<ServiceDescriptor>> services) {
        this.hosts = settings.hosts();
        this.contacts = settings.contacts();
        this.anonymous = settings.anonymous();
        this.archived = settings.archived();
        this.processors = List.copyOf(processors);
        this.services = services;
    }

    boolean serves(String host) {
        return hosts.contains(host);
    }

    /// What a virtual host tells of itself.
    HostInfo host(String host) {
        Set<ServiceDescriptor> living = Set.copyOf(services.get());
        if (!serves(host)) {
            return describe(host, living);
        }
        Seen last = seen;
        if (!last.services().equals(living)) {
            last = new Seen(living, new ConcurrentHashMap<>());
            seen = last;
        }
        return last.hosts().computeIfAbsent(host, name -> describe(name, living));
    }

    /// What an account tells of itself to those who see its presence (section 3.1). Of the service
    /// for archives, accounts without one tell nothing.
    Element account(Jid account) {
        List<ServiceDescriptor> serving = services.get().stream()
                .filter(service ->
                        archived.test(account) || !service.iqNamespaces().containsKey(IqSettings.ARCHIVE))
                .toList();
        Set<String> features = features(serving, IqProcessor::accountFeatures, ServiceDescriptor::accountFeatures);
        return query(identity("account", anonymous.test(account) ? "anonymous" : "registered", null), features, null);
    }

    /// The services of a virtual host: those whose domain lies below the host, and those below none
    /// of the hosts.
    Element items(String host) {
        Element.Builder query = Element.builder("query", Namespaces.DISCO_ITEMS);
        Map<String, ServedDomain> byDomain = new TreeMap<>(); // two instances may call it differently
        services.get().stream()
                .flatMap(service -> service.domains().stream())
                .filter(served -> belongsTo(served, host))
                .forEach(served -> byDomain.putIfAbsent(served.domain(), served));
        byDomain.values()
                .forEach(served -> query.child(Element.builder("item", Namespaces.DISCO_ITEMS)
                        .attribute("jid", served.domain())
                        .attribute("name", served.title().isEmpty() ? null : served.title())
                        .build()));
        return query.build();
    }

    private HostInfo describe(String host, Collection<ServiceDescriptor> living) {
        Set<String> features = features(living, IqProcessor::hostFeatures, ServiceDescriptor::serverFeatures);
        features.add(Namespaces.CAPS);
        ContactAddresses addresses = contacts.getOrDefault(host, ContactAddresses.NONE);
        Element query = query(identity("server", "im", NAME), features, addresses.toForm());
        return new HostInfo(query, VerificationString.ver(query));
    }

    private Set<String> features(
            Collection<ServiceDescriptor> living,
            Function<IqProcessor, List<String>> here,
            Function<ServiceDescriptor, List<String>> there) {
        Set<String> features = new TreeSet<>(OF_ALL);
        processors.forEach(processor -> features.addAll(here.apply(processor)));
        living.forEach(service -> features.addAll(there.apply(service)));
        return features;
    }

    private boolean belongsTo(ServedDomain served, String host) {
        String owner = null;
        for (String candidate : hosts) {
            if (served.domain().endsWith('.' + candidate) && (owner == null || candidate.length() > owner.length())) {
                owner = candidate;
            }
        }
        return owner == null || owner.equals(host);
    }

    private static Element query(Element identity, Set<String> features, @Nullable Element form) {
        Element.Builder query = Element.builder("query", Namespaces.DISCO_INFO).child(identity);
        features.forEach(feature -> query.child(Element.builder("feature", Namespaces.DISCO_INFO)
                .attribute("var", feature)
                .build()));
        return (form == null ? query : query.child(form)).build();
    }

    private static Element identity(String category, String type, @Nullable String name) {
        return Element.builder("identity", Namespaces.DISCO_INFO)
                .attribute("category", category)
                .attribute("type", type)
                .attribute("name", name)
                .build();
    }
}
