package im.stanzabus.offline;

import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.ServiceModule;
import im.stanzabus.launcher.config.Settings;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;

/// Starts the offline-service.
public final class OfflineModule implements ServiceModule<OfflineConfig> {
    static final String NAME = "offline-service";

    /// Shorter than the bus waits for an answer, so that the caller hears why.
    private static final Duration PATIENCE = Duration.ofSeconds(9);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public OfflineConfig configure(Settings settings) {
        return OfflineConfig.read(settings);
    }

    @Override
    public Future<RunningService> start(OfflineConfig config, ServiceContext context) {
        return context.vertx()
                .deployVerticle(new OfflineVerticle(config, context, PATIENCE, InstantSource.system()))
                .map(id -> () -> context.vertx().undeploy(id));
    }
}
