package im.stanzabus.testkit.peer;

import im.stanzabus.cluster.testing.Requirement;
import im.stanzabus.testkit.peer.PeerSettings.Feature;
import im.stanzabus.testkit.peer.PeerSettings.Proof;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/// ejabberd, as Debian 12 has it (23.01). It runs without Erlang's distribution, so it has no
/// node name and no cookie and starts no epmd.
final class EjabberdPeer {
    private EjabberdPeer() {}

    /// Writes the configuration. The test is aborted if ejabberd is not installed.
    ///
    /// @throws IllegalArgumentException for what ejabberd cannot do
    static ProcessBuilder program(PeerSite site) throws IOException {
        for (Feature feature : List.of(Feature.BIDIRECTIONAL, Feature.ACKNOWLEDGEMENTS)) {
            if (site.settings().has(feature)) {
                throw new IllegalArgumentException("ejabberd 23.01 has no " + feature + " between servers");
            }
        }
        Optional<Path> libraries = Libraries.with("", "ejabberd-*");
        Requirement.of(libraries.isPresent(), "ejabberd is not here: apt-get install ejabberd", Assumptions::abort);
        PeerFolder folder = site.folder();
        Path file = folder.file("ejabberd.yml");
        Files.writeString(file, configuration(site));
        Path names = folder.file("inetrc");
        Files.writeString(names, nameService(site.dns()));
        boolean measured = site.settings().has(Feature.MEASURED);
        ProcessBuilder program = new ProcessBuilder(
                "/usr/bin/erl",
                "+S",
                measured ? "0:0" : "1:1",
                "+sbwt",
                measured ? "short" : "none",
                "-noinput",
                "-mnesia",
                "dir",
                '"' + folder.file("mnesia").toString() + '"',
                "-s",
                "ejabberd");
        program.environment()
                .putAll(Map.of(
                        "HOME", folder.path().toString(),
                        "ERL_LIBS", libraries.orElseThrow().toString(),
                        "ERL_INETRC", names.toString(),
                        "ERL_CRASH_DUMP", folder.file("crash.dump").toString(),
                        "EJABBERD_CONFIG_PATH", file.toString(),
                        "EJABBERD_LOG_PATH", folder.log().toString()));
        return program;
    }

    private static String nameService(InetSocketAddress dns) {
        return """
                {resolv_conf, ""}.
                {hosts_file, ""}.
                {lookup, [dns]}.
                {nameserver, {127,0,0,1}, %d}.
                """.formatted(dns.getPort());
    }

    private static String configuration(PeerSite site) {
        PeerFolder folder = site.folder();
        PeerPorts ports = site.ports();
        return """
                hosts: ["%s"]
                loglevel: %s
                certfiles: ["%s", "%s"]
                ca_file: "%s"
                listen:
                %s%s%s%s
                s2s_use_starttls: required
                outgoing_s2s_timeout: 10 seconds
                s2s_dns_timeout: 5 seconds
                s2s_max_retry_delay: 1 second
                negotiation_timeout: 10 seconds
                acme: {auto: false}
                auth_method: internal
                registration_timeout: infinity
                acl: {local: {user_regexp: ""}}
                access_rules: {local: {allow: local}}
                modules:
                  mod_adhoc: {}
                  mod_blocking: {}
                  mod_disco: {}
                  mod_muc: {host: "conference.%s", access: all, access_create: all}
                  mod_offline: {}
                  mod_ping: {}
                  mod_privacy: {}
                  mod_private: {}
                  mod_register: {access: all, ip_access: all}
                  mod_roster: {}
                  mod_stream_mgmt: {}
                  mod_vcard: {}
                  mod_version: {}
                %s""".formatted(
                        site.settings().domain(),
                        site.settings().has(Feature.MEASURED) ? "warning" : "info",
                        folder.certificate(),
                        folder.key(),
                        folder.authorities(),
                        listener("ejabberd_c2s", ports.clients(), "starttls: true, access: all"),
                        listener("ejabberd_c2s", ports.clientsTls(), "tls: true, access: all"),
                        listener("ejabberd_s2s_in", ports.servers(), "tls: false"),
                        listener("ejabberd_s2s_in", ports.serversTls(), "tls: true"),
                        site.settings().domain(),
                        site.settings().proof() == Proof.CERTIFICATE ? "" : "  mod_s2s_dialback: {}\n");
    }

    private static String listener(String module, int port, String options) {
        return "  - {module: %s, port: %d, ip: \"127.0.0.1\", %s}\n".formatted(module, port, options);
    }
}
