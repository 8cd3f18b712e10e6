package im.stanzabus.s2s.component;

import im.stanzabus.bus.Bus;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.s2s.policy.PeerLimits;
import im.stanzabus.s2s.policy.StreamTimeouts;
import im.stanzabus.s2s.remote.Backoff;
import im.stanzabus.stream.Admission;
import im.stanzabus.stream.tls.TlsHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What the components of a process are served with. Safe from any thread.
///
/// @param retry how long is waited before a component is connected to again
/// @param drain how long is waited at the end for what is on its way
/// @param version of Stanzabus
/// @param tls begins the connections of components; null for none
public record ComponentParts(
        ComponentsConfig config,
        PeerLimits limits,
        StreamTimeouts timeouts,
        Backoff.Rule retry,
        Duration drain,
        String version,
        Bus bus,
        SlotTable slots,
        Router router,
        ServiceRegistry services,
        Admission admission,
        @Nullable TlsHandlers tls,
        ComponentMetrics metrics) {}
