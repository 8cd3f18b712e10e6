package im.stanzabus.bus;

import java.util.List;
import java.util.Map;

/// What a service announces when it joins the bus. From then on it is routable and discoverable; it vanishes with its
/// process. What is announced is what a test proves.
///
/// @param name the service's name, such as `roster-service`
/// @param version its version
/// @param domains domains it answers whole, each with the category, type and name of its disco identity
/// @param iqNamespaces IQ namespaces it answers for accounts, at {@link Addresses#iq}, and who may ask
/// @param serverFeatures disco features that every virtual host has while this service lives
/// @param accountFeatures disco features that every account has while this service lives
/// @param purge true if it keeps data of accounts and must be asked to forget a removed one, at {@link #purgeAddress()}
public record ServiceDescriptor(
        String name,
        String version,
        List<ServedDomain> domains,
        Map<String, IqAccess> iqNamespaces,
        List<String> serverFeatures,
        List<String> accountFeatures,
        boolean purge)
        implements BusMessage {

    /// A domain that a service answers, with its disco identity (XEP-0030).
    public record ServedDomain(String domain, String category, String type, String title) {}

    /// A service that only answers requests of other services.
    public static ServiceDescriptor internal(String name, String version, boolean purge) {
        return new ServiceDescriptor(name, version, List.of(), Map.of(), List.of(), List.of(), purge);
    }

    public ServiceDescriptor withDomains(List<ServedDomain> served) {
        return new ServiceDescriptor(name, version, served, iqNamespaces, serverFeatures, accountFeatures, purge);
    }

    public ServiceDescriptor withIqNamespaces(Map<String, IqAccess> namespaces) {
        return new ServiceDescriptor(name, version, domains, namespaces, serverFeatures, accountFeatures, purge);
    }

    public ServiceDescriptor withFeatures(List<String> ofServer, List<String> ofAccounts) {
        return new ServiceDescriptor(name, version, domains, iqNamespaces, ofServer, ofAccounts, purge);
    }

    /// Where the service takes {@link im.stanzabus.bus.api.Purge} requests.
    public String purgeAddress() {
        return "purge:" + name;
    }
}
