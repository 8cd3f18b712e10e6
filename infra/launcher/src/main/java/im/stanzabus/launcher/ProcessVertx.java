package im.stanzabus.launcher;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.spi.cluster.ClusterManager;

/// Makes the Vert.x of a process.
final class ProcessVertx {
    private static final int PING_MILLIS = 1_000;

    private ProcessVertx() {}

    /// With the native transport where there is one, else with Java's own. Nothing is served from the class
    /// path, so its file cache stays off; and there is one class loader, so threads need not be given one for
    /// each task.
    static Vertx create() {
        return Vertx.vertx(options());
    }

    /// One with a single event loop, for something that must go on whatever the services do.
    static Vertx small() {
        return Vertx.vertx(
                options().setEventLoopPoolSize(1).setWorkerPoolSize(2).setInternalBlockingPoolSize(2));
    }

    /// One whose event bus spans the members of a cluster. A member that does not answer for two seconds is
    /// connected anew.
    ///
    /// @param publicHost the address that other members use
    static Future<Vertx> clustered(ClusterManager members, ClusterConfig config, String publicHost) {
        EventBusOptions bus = new EventBusOptions()
                .setHost(config.host())
                .setPort(config.busPort())
                .setClusterPublicHost(publicHost)
                .setClusterPingInterval(PING_MILLIS)
                .setClusterPingReplyInterval(PING_MILLIS)
                .setConnectTimeout(PING_MILLIS);
        return Vertx.builder()
                .with(options().setEventBusOptions(bus))
                .withClusterManager(members)
                .buildClustered();
    }

    private static VertxOptions options() {
        return new VertxOptions()
                .setPreferNativeTransport(true)
                .setDisableTCCL(true)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
    }
}
