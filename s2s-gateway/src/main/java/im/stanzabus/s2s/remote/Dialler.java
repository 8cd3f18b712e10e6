package im.stanzabus.s2s.remote;

import io.vertx.core.Future;
import java.net.InetSocketAddress;

/// Opens connections.
///
/// @param <C> a connection
interface Dialler<C> {
    /// Opens one. It ends in bounded time, but cannot be broken off.
    Future<C> dial(InetSocketAddress address);

    /// Closes one that is not needed.
    void close(C connection);
}
