package im.stanzabus.storage;

/// Which database to use, and as whom.
///
/// @param host name or address of the database server
/// @param name of the database
/// @param user a role that may create tables there
/// @param poolSize how many connections one process keeps at most
public record DatabaseConfig(
        String host, int port, String name, String user, String password, TlsMode tls, int poolSize) {

    /// The same server and role with another database.
    public DatabaseConfig withName(String other) {
        return new DatabaseConfig(host, port, other, user, password, tls, poolSize);
    }

    /// Where it is, for logs and messages.
    String place() {
        return "database " + name + " at " + host + ':' + port;
    }

    /// Without the password, so that it may appear in a log.
    @Override
    public String toString() {
        return user + " at " + place() + ", TLS " + tls + ", " + poolSize + " connections";
    }
}
