package im.stanzabus.offline.stored;

import im.stanzabus.launcher.VirtualHost;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// How long the virtual hosts keep messages. Safe from any thread.
public final class Retention {
    /// What the database driver writes as the date `infinity`.
    public static final LocalDate FOR_EVER = LocalDate.MAX;

    /// Beyond this a time is as good as for ever.
    private static final Duration LONGEST = Duration.ofDays(100 * 366L);

    private final Map<String, Duration> byHost;
    private final InstantSource clock;

    public Retention(List<VirtualHost> hosts, InstantSource clock) {
        this.clock = clock;
        byHost = hosts.stream().collect(Collectors.toUnmodifiableMap(VirtualHost::domain, VirtualHost::keepMessages));
    }

    /// The day of all dates here, in UTC.
    public LocalDate today() {
        return date(clock.instant());
    }

    /// The last day of a message of an account of that host.
    public LocalDate lastDay(String host, Instant received) {
        return lastDay(byHost.getOrDefault(host, VirtualHost.of(host).keepMessages()), received);
    }

    /// The last day of a message that is kept that long; for ever if that is zero.
    public static LocalDate lastDay(Duration keep, Instant received) {
        return keep.isZero() || keep.compareTo(LONGEST) > 0 ? FOR_EVER : date(received.plus(keep));
    }

    /// The last days of messages that come today, of all hosts.
    public Collection<LocalDate> lastDays() {
        return byHost.values().stream()
                .map(keep -> lastDay(keep, clock.instant()))
                .distinct()
                .toList();
    }

    /// What each host keeps; zero for ever.
    public Map<String, Duration> byHost() {
        return byHost;
    }

    private static LocalDate date(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC).toLocalDate();
    }
}
