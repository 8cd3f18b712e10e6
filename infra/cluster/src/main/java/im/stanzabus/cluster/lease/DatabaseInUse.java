package im.stanzabus.cluster.lease;

/// Another process lives on the database that does not go together with this one. The message is one line
/// for the operator; there is no stack trace.
public final class DatabaseInUse extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DatabaseInUse(String message) {
        super(message, null, false, false);
    }

    /// @param me the process that wants to come
    /// @param other the one that is there
    static DatabaseInUse of(BusNode me, BusNode other) {
        String there = "the database is in use by another Stanzabus process, " + other.node();
        if (me.isAlone()) {
            return new DatabaseInUse(there
                    + (other.isAlone() ? "" : " of cluster '" + other.cluster() + "'")
                    + "; set cluster.join for processes that work together, or give this one a database of its own");
        }
        if (other.isAlone()) {
            return new DatabaseInUse(
                    there + ", which is alone; set cluster.join there too, or use a database of its own here");
        }
        if (!other.cluster().equals(me.cluster())) {
            return new DatabaseInUse(there + " of cluster '" + other.cluster() + "', and cluster.name here is '"
                    + me.cluster() + "'; one database is for one cluster");
        }
        return new DatabaseInUse(there + " of version " + other.version() + ", which speaks protocol "
                + other.protocol() + "; this version, " + me.version() + ", speaks protocol " + me.protocol()
                + " and cannot join");
    }
}
