package im.stanzabus.testkit.peer;

import im.stanzabus.testkit.DnsServer;
import im.stanzabus.testkit.TestCertificates;
import im.stanzabus.testkit.peer.PeerSettings.Feature;
import im.stanzabus.testkit.peer.PeerSettings.Proof;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The internet of a test: names, an authority for certificates, and servers of others. To be
/// used by one thread.
public final class OpenNetwork implements AutoCloseable {
    /// ejabberd asks the name server where services are, but the system which address a host has;
    /// so the host is one that every system knows.
    private static final String HERE = "localhost";

    private final TestCertificates authority = new TestCertificates("The open network");
    private final TestCertificates unknown = new TestCertificates("Nobody");
    private final DnsServer dns = DnsServer.start().ttl(0).host(HERE, "127.0.0.1");
    private final List<PeerServer> peers = new ArrayList<>();
    private final Path folder;

    /// @param folder for the folders of the peers, below the build folder
    public OpenNetwork(Path folder) {
        this.folder = folder;
    }

    /// Signs the certificates that everybody trusts.
    public TestCertificates authority() {
        return authority;
    }

    /// Certificates that do not prove a domain, by what is wrong with them. What can be wrong is
    /// the same for all.
    public Map<String, TestCertificates.Issued> wrongCertificates(String domain) {
        return new TreeMap<>(Map.of(
                "expired", authority.forHost(domain).expired().issue(),
                "not yet valid", authority.forHost(domain).notYetValid().issue(),
                "another host's", authority.forHost("another.example").issue(),
                "self-signed", authority.forHost(domain).selfSigned().issue(),
                "a stranger's", unknown.forDomain(domain)));
    }

    /// The name server, which knows who was told to it and nobody else.
    public DnsServer dns() {
        return dns;
    }

    /// The domain's server is found at a port of this machine, for streams that begin without
    /// TLS.
    public void publish(String domain, int port) {
        dns.service("_xmpp-server._tcp." + domain, 0, 0, port, HERE);
    }

    /// The domain's server is found at a port of this machine, for streams that begin with TLS
    /// (XEP-0368).
    public void publishTls(String domain, int port) {
        dns.service("_xmpps-server._tcp." + domain, 0, 0, port, HERE);
    }

    /// The domain is not found any more.
    public void withdraw(String domain) {
        dns.forget("_xmpp-server._tcp." + domain).forget("_xmpps-server._tcp." + domain);
    }

    /// Starts Prosody and publishes it in place of who had its domain before. The test is aborted
    /// if it is not installed.
    public PeerServer prosody(PeerSettings settings) throws IOException {
        PeerSite site = site(settings);
        return add(site, new PeerProcess(site, ProsodyPeer.program(site)));
    }

    /// Starts ejabberd and publishes it in place of who had its domain before. The test is
    /// aborted if it is not installed.
    ///
    /// @throws IllegalArgumentException for what it cannot do
    public PeerServer ejabberd(PeerSettings settings) throws IOException {
        PeerSite site = site(settings);
        return add(site, new PeerProcess(site, EjabberdPeer.program(site)));
    }

    private PeerSite site(PeerSettings settings) throws IOException {
        PeerFolder home = PeerFolder.empty(folder.resolve(settings.domain()));
        TestCertificates trusted = settings.proof() == Proof.DIALBACK ? unknown : authority;
        TestCertificates.Issued own = settings.certificate() == null
                ? authority
                        .forHost(settings.domain(), "conference." + settings.domain())
                        .issue()
                : settings.certificate();
        home.write(own, trusted.authorityPem());
        return new PeerSite(settings, home, PeerPorts.free(), dns.address());
    }

    private PeerServer add(PeerSite site, PeerServer peer) {
        peers.add(peer);
        for (String domain : List.of(peer.host(), peer.rooms())) {
            withdraw(domain);
            if (site.settings().has(Feature.DIRECT_TLS)) {
                publishTls(domain, peer.serverTlsAddress().getPort());
            } else {
                publish(domain, peer.serverAddress().getPort());
            }
        }
        return peer;
    }

    /// Ends everybody.
    @Override
    public void close() {
        peers.reversed().forEach(PeerServer::close);
        dns.close();
    }
}
