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
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServerOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What the components of a process are served with. Safe from any thread.
///
/// A host that has vanished does not read, and says nothing: the operating system ends a connection
/// that it answers no more for `timeouts.answer` (RFC 5482), where the native transport is.
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
        ComponentMetrics metrics) {
    /// How much the operating system takes for a connection, which is lost with the component: about,
    /// for it counts with more.
    private static final int SEND_BUFFER = 65_536;

    private static final int BACKLOG = 256;

    NetServerOptions listening() {
        return new NetServerOptions()
                .setHost(config.address())
                .setPort(config.port())
                .setAcceptBacklog(BACKLOG)
                .setSendBufferSize(SEND_BUFFER)
                .setTcpNoDelay(true)
                .setTcpUserTimeout(millis(timeouts.answer()))
                .setTcpKeepAlive(true);
    }

    NetClientOptions connecting() {
        return new NetClientOptions()
                .setConnectTimeout(millis(timeouts.connect()))
                .setSendBufferSize(SEND_BUFFER)
                .setTcpUserTimeout(millis(timeouts.answer()))
                .setTcpKeepAlive(true);
    }

    private static int millis(Duration time) {
        return (int) Math.min(time.toMillis(), Integer.MAX_VALUE);
    }
}
