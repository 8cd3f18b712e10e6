package im.stanzabus.launcher;

import im.stanzabus.launcher.config.ConfigException;
import io.vertx.core.json.JsonObject;

/// The state of the cluster, asked from the process that uses the configured data folder.
public final class RunningStatus {
    private RunningStatus() {}

    /// Blocks until the process has asked the others.
    ///
    /// @throws ConfigException if the configuration has errors
    /// @throws StartupException if no server runs there
    public static JsonObject ask(LaunchOptions options) {
        ServerConfig config = ServerConfig.read(options.config(), options.modules());
        try (DataFolder free = DataFolder.tryLock(config.data())) {
            if (free != null) {
                throw new StartupException("no server runs with the data folder " + config.data()
                        + "; run this command with the configuration of one that does");
            }
        }
        try (AdminClient client = AdminClient.of(config.data())) {
            return client.call("GET", "/admin/status", new JsonObject());
        }
    }
}
