package im.stanzabus.bus;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Sends the stanzas for some domains elsewhere than they would go.
///
/// @param domains matches the whole of a domain that is no virtual host here
/// @param service the domain of the service that is to have them, whatever it has announced; null
///     for the way to
///     other servers, whatever services have announced
public record RouteRule(Pattern domains, @Nullable String service) {
    /// Where a domain goes; null if the rule is not about it.
    @Nullable
    Route route(String domain) {
        if (!domains.matcher(domain).matches()) {
            return null;
        }
        return service == null ? new Route.Remote(domain) : new Route.Service(Addresses.domain(service));
    }
}
