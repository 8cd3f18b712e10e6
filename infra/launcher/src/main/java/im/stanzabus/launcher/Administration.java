package im.stanzabus.launcher;

import im.stanzabus.launcher.config.ConfigException;
import im.stanzabus.stanza.Jid;
import java.util.List;

/// The accounts of an installation, for commands. While its server runs it is asked; else the services are
/// started for the one command. All methods block, and throw {@link StartupException} for what the
/// administrator can change.
public interface Administration extends AutoCloseable {
    /// Finds the running server of the configured data folder, or starts the services.
    ///
    /// @throws ConfigException if the configuration has errors
    static Administration open(LaunchOptions options) {
        ServerConfig config = ServerConfig.read(options.config(), options.modules());
        try (DataFolder free = DataFolder.tryLock(config.data())) {
            if (free == null) {
                return running(config);
            }
        }
        return ClosedAdministration.start(options.closed());
    }

    private static Administration running(ServerConfig config) {
        return new HttpAdministration(
                AdminClient.of(config.data()),
                config.hosts().stream().map(VirtualHost::domain).toList());
    }

    void add(Jid account, String password);

    void changePassword(Jid account, String password);

    void remove(Jid account);

    /// All accounts of a host by name.
    List<Jid> list(String host);

    /// The hosts that have accounts.
    List<String> hosts();

    @Override
    void close();
}
