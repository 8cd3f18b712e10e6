package im.stanzabus.launcher;

import im.stanzabus.launcher.config.Settings;
import im.stanzabus.storage.DatabaseConfig;
import im.stanzabus.storage.TlsMode;

/// The database section: one of our own or somebody else's.
sealed interface DatabaseSettings {
    int DEFAULT_POOL_SIZE = 8;

    /// A PostgreSQL that starts and stops with the server, in its data folder.
    ///
    /// @param port on loopback; 0 for any free one
    record Embedded(int port, int poolSize) implements DatabaseSettings {
        /// The connection to the server that was started, with the number of connections that was configured.
        DatabaseConfig connection(DatabaseConfig server) {
            return new DatabaseConfig(
                    server.host(),
                    server.port(),
                    server.name(),
                    server.user(),
                    server.password(),
                    server.tls(),
                    poolSize);
        }
    }

    /// A PostgreSQL that runs anyway.
    record External(DatabaseConfig config) implements DatabaseSettings {}

    /// Without `host` it is the embedded one, for which names and passwords are made up.
    static DatabaseSettings read(Settings settings) {
        String host = settings.text("host", "");
        int port = settings.number("port", host.isEmpty() ? 0 : 5432, 0, 65_535);
        String name = settings.text("name", "stanzabus");
        String user = settings.text("user", "stanzabus");
        String password = settings.secret("password", "");
        TlsMode tls = settings.choice("tls", TlsMode.OFF);
        int poolSize = settings.number("pool-size", DEFAULT_POOL_SIZE, 1, 500);
        if (!host.isEmpty()) {
            if (port == 0) {
                settings.error(
                        "port",
                        "must be from 1 to 65535 with a host, not '0'; leave it out for PostgreSQL's own, 5432");
            }
            return new External(new DatabaseConfig(host, port, name, user, password, tls, poolSize));
        }
        if (!password.isEmpty()) {
            settings.error("password", "has no use without 'host': the embedded database has a password of its own");
        }
        return new Embedded(port, poolSize);
    }
}
