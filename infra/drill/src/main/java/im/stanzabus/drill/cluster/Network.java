package im.stanzabus.drill.cluster;

import java.io.IOException;
import java.util.List;

/// Where the processes listen and how they reach each other. Its methods block.
public interface Network extends AutoCloseable {
    /// A place for one process.
    ///
    /// @param host the address it listens on
    /// @param prefix what its command line begins with
    record Place(String host, List<String> prefix) {}

    /// A place for the next process.
    ///
    /// @param half 0 or 1, the side of the network on which it is when that is split
    Place place(int half) throws IOException;

    /// The addresses on which the database must listen; processes use the first.
    List<String> databaseHosts();

    /// The addresses from which the database is used, in the notation of `pg_hba.conf`.
    String databaseClients();

    /// Why {@link #split} is not possible; empty if it is.
    String cannotSplit();

    /// The two halves no longer reach each other.
    ///
    /// @param fromDatabase whether the second half does not reach the database either
    void split(boolean fromDatabase) throws IOException;

    /// Everybody reaches everybody.
    void heal() throws IOException;

    /// Leaves nothing behind.
    @Override
    void close();
}
