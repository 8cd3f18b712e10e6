package im.stanzabus.s2s.remote;

import im.stanzabus.s2s.dns.Dns;
import im.stanzabus.s2s.dns.Location;
import im.stanzabus.s2s.dns.Target;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Connects to remote domains. Confined to its context, which must be one of an event loop and is that of the
/// sockets.
public final class Connector implements AutoCloseable {
    private final ContextInternal context;
    private final Dns dns;
    private final Pace pace;
    private final NetClient client;

    /// @param dns is not closed with this
    /// @param silence how long a host may confirm nothing of what was sent to it before TCP gives the
    ///     connection up (RFC 5482), in milliseconds; without effect where the operating system cannot do it
    public Connector(Context context, Dns dns, Pace pace, int silence) {
        this.context = (ContextInternal) context;
        this.dns = dns;
        this.pace = pace;
        client = context.owner()
                .createNetClient(new NetClientOptions()
                        .setConnectTimeout((int) pace.attempt().toMillis())
                        .setTcpKeepAlive(true)
                        .setTcpUserTimeout(silence));
    }

    /// Connects to where a domain is served.
    ///
    /// @param domain the domainpart of a JID
    /// @param instead where it is known to be served, in place of what DNS says of the domain; null to look
    ///     there
    public Attempt<Connected> connect(String domain, @Nullable Target instead) {
        return connect(
                instead == null ? dns.locate(domain) : Future.succeededFuture(new Location.Served(List.of(instead))));
    }

    /// Connects to the first of these that is there.
    ///
    /// @param targets not empty
    public Attempt<Connected> connect(List<Target> targets) {
        return connect(Future.succeededFuture(new Location.Served(targets)));
    }

    private Attempt<Connected> connect(Future<Location> location) {
        Race<NetSocket> race = new Race<>(new Sockets(), dns::addresses, this::after, pace);
        Future<Connected> result =
                race.result().map(won -> new Connected(won.connection(), won.target(), won.others()));
        race.start(location);
        return new Attempt<>() {
            @Override
            public Future<Connected> result() {
                return result;
            }

            @Override
            public void cancel() {
                race.cancel();
            }
        };
    }

    private Timers.Timer after(long millis, Runnable task) {
        long timer = context.setTimer(Math.max(1, millis), _ -> task.run());
        return () -> context.owner().cancelTimer(timer);
    }

    /// Nothing more can be connected, and the connections that were made are closed.
    @Override
    public void close() {
        client.close();
    }

    private final class Sockets implements Dialler<NetSocket> {
        @Override
        public Future<NetSocket> dial(InetSocketAddress address) {
            return client.connect(SocketAddress.inetSocketAddress(address));
        }

        @Override
        public void close(NetSocket socket) {
            socket.close();
        }
    }
}
