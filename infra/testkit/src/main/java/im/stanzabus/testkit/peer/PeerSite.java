package im.stanzabus.testkit.peer;

import java.net.InetSocketAddress;

/// What a peer's configuration is made from.
///
/// @param dns the only name server that it may ask
record PeerSite(PeerSettings settings, PeerFolder folder, PeerPorts ports, InetSocketAddress dns) {}
