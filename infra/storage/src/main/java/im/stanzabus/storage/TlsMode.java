package im.stanzabus.storage;

import io.vertx.pgclient.SslMode;

/// How the connection to the database is protected.
public enum TlsMode {
    /// Plain text; for a database on the same machine.
    OFF(SslMode.DISABLE, "disable"),
    /// Encrypted, but whoever answers is believed to be the database.
    REQUIRE(SslMode.REQUIRE, "require"),
    /// Encrypted; the certificate must be valid for the host and come from an authority that Java trusts.
    VERIFY(SslMode.VERIFY_FULL, "verify-full");

    private final SslMode client;
    private final String jdbc;

    TlsMode(SslMode client, String jdbc) {
        this.client = client;
        this.jdbc = jdbc;
    }

    SslMode client() {
        return client;
    }

    /// The value of the JDBC driver's `sslmode`, which migrations use.
    String jdbc() {
        return jdbc;
    }
}
