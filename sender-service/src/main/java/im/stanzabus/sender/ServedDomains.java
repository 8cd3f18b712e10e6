package im.stanzabus.sender;

import im.stanzabus.bus.Route;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceDescriptor.ServedDomain;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.stanza.Jid;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which domains are served here, and whether whoever serves one may be about to come, or to come
/// back. Confined to one context.
final class ServedDomains {
    private final Router router;
    private final ServiceRegistry services;
    private final long settlingNanos;
    private long changedNanos = System.nanoTime();
    private Set<String> served;

    /// Those that nobody serves any more since it was settled.
    private final Set<String> gone = new HashSet<>();

    /// @param settling how long the members of the cluster and what they serve must have stayed the same
    ServedDomains(Router router, ServiceRegistry services, Duration settling) {
        this.router = router;
        this.services = services;
        settlingNanos = settling.toNanos();
        served = living();
    }

    private Set<String> living() {
        Set<String> domains = new HashSet<>();
        for (ServiceDescriptor service : services.living()) {
            for (ServedDomain domain : service.domains()) {
                domains.add(domain.domain());
            }
        }
        return domains;
    }

    /// Members have come or gone, or what they serve has changed.
    void viewed() {
        if (isQuiet()) {
            gone.clear();
        }
        changedNanos = System.nanoTime();
        gone.addAll(served);
        served = living();
        gone.removeAll(served);
    }

    /// Whether who is not there by now is not about to come.
    boolean isSettled() {
        if (!served.equals(living())) {
            viewed(); // which would be told in a moment
        }
        return isQuiet();
    }

    private boolean isQuiet() {
        return System.nanoTime() - changedNanos >= settlingNanos;
    }

    /// True for an account that people use with clients.
    boolean isAccount(Jid from) {
        return from.hasLocal() && router.isHost(from.domain());
    }

    /// True for an address of a virtual host, or of a service's domain.
    boolean isServed(Jid from) {
        return router.isHost(from.domain()) || router.route(from) instanceof Route.Service;
    }

    /// Where a stanza goes; null while whoever serves the domain may be about to come back: it is not to
    /// go to another server meanwhile.
    @Nullable
    Route route(Jid to) {
        Route route = router.route(to);
        return route instanceof Route.Remote && mayComeBack(to.domain()) ? null : route;
    }

    private boolean mayComeBack(String domain) {
        return !isSettled() && (gone.contains(domain) || isBelowHost(domain));
    }

    private boolean isBelowHost(String domain) {
        for (int dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.', dot + 1)) {
            if (router.isHost(domain.substring(dot + 1))) {
                return true;
            }
        }
        return false;
    }

    /// What is for one lane can be stuck as a whole: an account's, or a domain's that others serve.
    String lane(Jid to) {
        return router.isHost(to.domain()) ? to.bare().toString() : to.domain();
    }
}
