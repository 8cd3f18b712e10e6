package im.stanzabus.s2s.remote;

import im.stanzabus.s2s.dns.IpFamily;
import im.stanzabus.s2s.dns.Target;
import io.netty.channel.ConnectTimeoutException;
import io.netty.util.NetUtil;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;

/// What is known of one target of a {@link Race}: which addresses are still to be tried, and what became of
/// those that were.
final class Heat {
    /// An attempt that has not ended.
    private static final String PENDING = "no answer";

    private static final int MAX_ATTEMPTS = 16;

    private final Target target;
    private final Map<IpFamily, Queue<InetAddress>> untried = new EnumMap<>(IpFamily.class);
    private final Set<IpFamily> unknown = EnumSet.allOf(IpFamily.class);
    private final Map<InetSocketAddress, String> tried = new LinkedHashMap<>();
    private IpFamily next = IpFamily.V6;
    private String dnsFailure = "";
    private int underWay;
    private boolean settled;

    Heat(Target target) {
        this.target = target;
        for (IpFamily family : IpFamily.values()) {
            untried.put(family, new ArrayDeque<>());
        }
    }

    Target target() {
        return target;
    }

    /// The look-up of a family has ended.
    void found(IpFamily family, List<InetAddress> addresses) {
        unknown.remove(family);
        addressesOf(family).addAll(addresses);
        settled |= unknown.isEmpty() || (family == IpFamily.V6 && !addresses.isEmpty());
    }

    /// The look-up of a family has failed.
    void notFound(IpFamily family, Throwable why) {
        found(family, List.of());
        dnsFailure = String.valueOf(why.getMessage());
    }

    /// IPv6 addresses have been waited for long enough.
    void settle() {
        settled = true;
    }

    /// Whether there are only IPv4 addresses while the others are looked up.
    boolean isUnsettled() {
        return !settled && hasUntried();
    }

    boolean hasUntried() {
        return tried.size() < MAX_ATTEMPTS && untried.values().stream().anyMatch(queue -> !queue.isEmpty());
    }

    /// Whether more addresses may come.
    boolean isLookedUp() {
        return unknown.isEmpty();
    }

    boolean hasUnderWay() {
        return underWay > 0;
    }

    /// Whether the target is known to have no address.
    boolean hasNoAddress() {
        return unknown.isEmpty() && dnsFailure.isEmpty() && tried.isEmpty() && !hasUntried();
    }

    /// The next address; families take turns as long as there are addresses of both (RFC 8305 section 4).
    InetSocketAddress next() {
        IpFamily family = addressesOf(next).isEmpty() ? other(next) : next;
        next = other(family);
        InetSocketAddress address = new InetSocketAddress(addressesOf(family).remove(), target.port());
        tried.put(address, PENDING);
        underWay++;
        return address;
    }

    private Queue<InetAddress> addressesOf(IpFamily family) {
        return untried.getOrDefault(family, new ArrayDeque<>());
    }

    private static IpFamily other(IpFamily family) {
        return family == IpFamily.V6 ? IpFamily.V4 : IpFamily.V6;
    }

    /// An attempt has failed.
    void failed(InetSocketAddress address, Throwable why) {
        underWay--;
        tried.put(address, describe(why));
    }

    private static String describe(Throwable failure) {
        return switch (failure) {
            case ConnectTimeoutException _ -> PENDING;
            case NoRouteToHostException _ -> "no route";
            case ConnectException e when String.valueOf(e.getMessage()).contains("refused") -> "refused";
            default -> failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        };
    }

    /// What became of it, for the log.
    @Override
    public String toString() {
        String outcome = tried.entrySet().stream()
                .map(entry -> NetUtil.toAddressString(entry.getKey().getAddress()) + ' ' + entry.getValue())
                .collect(Collectors.joining(", "));
        if (!dnsFailure.isEmpty()) {
            outcome += (outcome.isEmpty() ? "" : ", ") + "DNS: " + dnsFailure;
        } else if (outcome.isEmpty()) {
            outcome = isLookedUp() ? "no address" : "DNS: no answer";
        }
        return target + ": " + outcome;
    }
}
