package im.stanzabus.testkit.peer;

import im.stanzabus.cluster.testing.Requirement;
import im.stanzabus.testkit.peer.PeerSettings.Feature;
import im.stanzabus.testkit.peer.PeerSettings.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/// Prosody, as Debian 12 has it (0.12). It finds other servers through libunbound, which
/// Prosody's own resolver cannot replace: that one asks no other port than 53.
final class ProsodyPeer {
    private static final Path PROGRAM = Path.of("/usr/bin/prosody");
    private static final List<String> MODULES = List.of(
            "disco", "roster", "saslauth", "tls", "register_ibr", "blocklist", "private", "ping", "vcard", "version");

    private ProsodyPeer() {}

    /// Writes the configuration. The test is aborted if Prosody is not installed.
    static ProcessBuilder program(PeerSite site) throws IOException {
        Requirement.of(
                Files.isExecutable(PROGRAM)
                        && Libraries.with("lua/5.4", "lunbound.so").isPresent(),
                "Prosody is not here: apt-get install prosody lua-unbound",
                Assumptions::abort);
        Path file = site.folder().file("prosody.cfg.lua");
        Files.writeString(file, configuration(site));
        return new ProcessBuilder(PROGRAM.toString(), "-F", "--config", file.toString());
    }

    private static String modules(PeerSettings settings) {
        List<String> modules = new ArrayList<>(MODULES);
        if (settings.proof() != Proof.CERTIFICATE) {
            modules.add("dialback");
        }
        if (settings.has(Feature.BIDIRECTIONAL)) {
            modules.add("s2s_bidi");
        }
        if (settings.has(Feature.ACKNOWLEDGEMENTS)) {
            modules.add("smacks");
        }
        return modules.stream().map(ProsodyPeer::quoted).collect(Collectors.joining(", "));
    }

    private static String quoted(Object text) {
        return '"' + text.toString() + '"';
    }

    private static String configuration(PeerSite site) {
        PeerFolder folder = site.folder();
        PeerPorts ports = site.ports();
        String domain = site.settings().domain();
        boolean measured = site.settings().has(Feature.MEASURED);
        return """
                run_as_root = true
                pidfile = %s
                data_path = %s
                %s
                log = { { levels = { min = %s }, to = "file", filename = %s } }
                interfaces = { "127.0.0.1" }
                use_ipv6 = false
                c2s_ports = { %d }
                c2s_direct_tls_ports = { %d }
                s2s_ports = { %d }
                s2s_direct_tls_ports = { %d }
                http_ports = {}
                https_ports = {}
                component_ports = {}
                unbound = { resolvconf = false, hoststxt = false, forward = "127.0.0.1@%d" }
                c2s_require_encryption = false
                allow_unencrypted_plain_auth = true
                s2s_require_encryption = true
                s2s_secure_auth = %b
                s2s_timeout = 10
                authentication = "internal_plain"
                allow_registration = true
                muc_room_locking = false
                ssl = { certificate = %s, key = %s, cafile = %s }
                modules_enabled = { %s }
                VirtualHost %s
                Component %s "muc"
                """.formatted(
                        quoted(folder.file("prosody.pid")),
                        quoted(folder.file("data")),
                        measured ? "gc = { mode = \"generational\" } -- its fastest setting" : "",
                        quoted(measured ? "warn" : "debug"),
                        quoted(folder.log()),
                        ports.clients(),
                        ports.clientsTls(),
                        ports.servers(),
                        ports.serversTls(),
                        site.dns().getPort(),
                        site.settings().proof() == Proof.CERTIFICATE,
                        quoted(folder.certificate()),
                        quoted(folder.key()),
                        quoted(folder.authorities()),
                        modules(site.settings()),
                        quoted(domain),
                        quoted("conference." + domain));
    }
}
