package im.stanzabus.launcher;

import im.stanzabus.launcher.config.Settings;
import io.vertx.core.Future;
import java.time.Duration;

/// A service as the launcher sees it. Implementations are named in
/// `META-INF/services/im.stanzabus.launcher.ServiceModule` and found on the class path.
///
/// @param <C> the service's configuration
public interface ServiceModule<C> {
    /// The name of the service, of its folder and of its section in the configuration file, such as
    /// `auth-service`.
    String name();

    /// Reads the service's section; must read every key it knows and do nothing else.
    C configure(Settings settings);

    /// Starts the service; completes when it is really ready to work.
    Future<RunningService> start(C config, ServiceContext context);

    /// How long the service takes to stop at most; it is not waited for any longer.
    default Duration stopLimit(C config) {
        return Duration.ofSeconds(8);
    }

    /// A service that has been started.
    interface RunningService {
        /// Stops in good order; completes when nothing of it is left.
        Future<Void> stop();
    }
}
