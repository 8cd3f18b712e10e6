package im.stanzabus.launcher;

import im.stanzabus.bus.Bus;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.api.StanzaIds;
import im.stanzabus.cluster.Leases;
import im.stanzabus.cluster.lease.Isolation;
import im.stanzabus.storage.Database;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// What a process gives to the services in it.
///
/// @param version of Stanzabus
/// @param services all that live on the bus
/// @param slots who owns which accounts
/// @param leases who may
/// @param isolation whether this process must serve nobody for the moment
/// @param hosts the virtual hosts of the installation
/// @param database the process's pool; migrated and reachable when services start
/// @param databaseConnections how many the pool has at most
/// @param idKey of the installation, under which clients see the ids of messages; other secrets come from it
/// @param dataFolder where files of this installation are kept, such as certificates
/// @param singleConnection opens one more connection to the database, for a service that needs one
///     for itself; the service closes it
public record ServiceContext(
        String version,
        Bus bus,
        ServiceRegistry services,
        SlotTable slots,
        Leases leases,
        Isolation isolation,
        Router router,
        List<VirtualHost> hosts,
        Pool database,
        int databaseConnections,
        SecretKey idKey,
        MeterRegistry metrics,
        Path dataFolder,
        Supplier<Future<Database>> singleConnection) {
    private static final String SECRETS = "HmacSHA256";

    /// For `singleConnection` where no service needs a connection for itself.
    public static Future<Database> poolOnly() {
        return Future.failedFuture(new IllegalStateException("there is no connection but the pool's"));
    }

    /// Of a process that nobody can be cut off from, that has ids of its own, and no connection but the pool's.
    public ServiceContext(
            String version,
            Bus bus,
            ServiceRegistry services,
            SlotTable slots,
            Leases leases,
            Router router,
            List<VirtualHost> hosts,
            Pool database,
            MeterRegistry metrics,
            Path dataFolder) {
        this(
                version,
                bus,
                services,
                slots,
                leases,
                Isolation.none(),
                router,
                hosts,
                database,
                DatabaseSettings.DEFAULT_POOL_SIZE,
                StanzaIds.newKey(),
                metrics,
                dataFolder,
                ServiceContext::poolOnly);
    }

    public Vertx vertx() {
        return bus.vertx();
    }

    /// A secret that every process of the installation has and nobody else. One for a purpose
    /// says nothing about those for others, nor about the key that all come from.
    ///
    /// @param purpose such as `dialback`
    /// @return 32 bytes
    public byte[] secret(String purpose) {
        try {
            Mac mac = Mac.getInstance(SECRETS);
            mac.init(new SecretKeySpec(idKey.getEncoded(), SECRETS));
            return mac.doFinal(("stanzabus secret for " + purpose).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
