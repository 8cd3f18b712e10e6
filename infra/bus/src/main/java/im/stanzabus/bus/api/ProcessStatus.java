package im.stanzabus.bus.api;

import im.stanzabus.bus.BusMessage;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// How a process is, for operators.
///
/// @param version of Stanzabus
/// @param services the names of the services in it
/// @param since when it was started, by its own clock
/// @param database true if the database answers it
/// @param isolated why it serves nobody; empty if it does
/// @param gauges its gauges of Stanzabus by name, such as `stanzabus.c2s.connections`, rounded
public record ProcessStatus(
        String version,
        List<String> services,
        Instant since,
        boolean database,
        String isolated,
        Map<String, Long> gauges)
        implements BusMessage {}
