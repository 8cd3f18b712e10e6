package im.stanzabus.s2s.remote;

import io.vertx.core.Future;

/// The attempt to connect to a remote domain. Confined to its context.
///
/// @param <T> what it leads to
public interface Attempt<T> {
    /// Fails with {@link Unreachable}, or with {@link java.util.concurrent.CancellationException} after {@link
    /// #cancel}.
    Future<T> result();

    /// Gives up. Connections that still come about are closed; nothing if there is a result.
    void cancel();
}
