package im.stanzabus.launcher;

import im.stanzabus.bus.Bus;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.SlotOwners;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.nio.file.Path;
import java.util.List;

/// What a process gives to the services in it.
///
/// @param version of Stanzabus
/// @param hosts the virtual hosts of the installation
/// @param database the process's pool; migrated and reachable when services start
/// @param dataFolder where files of this installation are kept, such as certificates
public record ServiceContext(
        String version,
        NodeId node,
        Bus bus,
        ServiceRegistry services,
        SlotOwners owners,
        Router router,
        List<VirtualHost> hosts,
        Pool database,
        MeterRegistry metrics,
        Path dataFolder) {

    public Vertx vertx() {
        return bus.vertx();
    }
}
