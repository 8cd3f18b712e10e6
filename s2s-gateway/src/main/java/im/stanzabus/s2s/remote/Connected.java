package im.stanzabus.s2s.remote;

import im.stanzabus.s2s.dns.Target;
import io.vertx.core.net.NetSocket;
import java.util.List;

/// A connection to a remote domain, on which nothing has been said.
///
/// @param target where it leads; says whether it must begin with TLS
/// @param others targets that were not tried, in order, in case that no stream comes about on this connection
public record Connected(NetSocket socket, Target target, List<Target> others) {}
