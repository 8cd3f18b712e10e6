package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.bus.api.StanzaIds;
import im.stanzabus.cluster.lease.Isolation;
import im.stanzabus.launcher.CertificateFiles;
import im.stanzabus.launcher.Certificates;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.StartupException;
import im.stanzabus.launcher.VirtualHost;
import im.stanzabus.launcher.config.ConfigException;
import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.stream.testing.TestCertificates;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said of certificates that cannot be used: one line with the place in the configuration and the file.
class CertificateMistakesTest {
    private static final String HOST = "verona.example";
    private static final String YAML =
            "c2s-gateway:\n  host: 127.0.0.1\n  certificates: certs\n  client-authorities: users.pem\n";
    private static final String PLACE = "stanzabus.yaml:3: c2s-gateway.certificates: ";

    @TempDir
    Path folder;

    private CertificateFiles files;

    @BeforeEach
    void goodFiles() throws Exception {
        files = Certificates.ensure(folder.resolve("certs"), HOST);
        Files.writeString(
                folder.resolve("users.pem"), TestCertificates.authority("CN=CA").pem());
    }

    private Tls read(String yaml, Map<String, String> environment) {
        ConfigFile file = ConfigFile.of(yaml, folder, environment);
        C2sConfig config = C2sConfig.read(file.root().section("c2s-gateway"));
        assertThat(file.errors()).isEmpty();
        VirtualHost host = new VirtualHost(HOST, false, true, false, true, Duration.ZERO);
        return Tls.read(
                config,
                new ServiceContext(
                        "test",
                        null,
                        null,
                        null,
                        null,
                        Isolation.none(),
                        null,
                        List.of(host),
                        null,
                        1,
                        StanzaIds.newKey(),
                        new SimpleMeterRegistry(),
                        folder.resolve("data"),
                        ServiceContext::poolOnly));
    }

    private void refused(String line) {
        assertThatThrownBy(() -> read(YAML, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(line);
    }

    @Test
    void goodFilesAreTaken() {
        assertThat(read(YAML, Map.of()).clients()).isNotNull();
    }

    @Test
    void aKeyOfAKindThatOpenSslCannotUse() throws Exception {
        TestCertificates server = TestCertificates.server("Ed25519", 0, "Ed25519");
        Files.writeString(files.chain(), server.pem());
        Files.writeString(files.key(), server.keyPem());
        assertThat(read(YAML, Map.of()).certificates()).isNotNull();
        assertThatThrownBy(() -> read(YAML + "  tls-engine: openssl\n", Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(PLACE + files.key()
                        + " holds a key of the kind EdDSA; with tls-engine openssl it must be RSA or EC");
    }

    @Test
    void aHalfOfThePairIsMissing() throws Exception {
        Files.delete(files.key());
        refused(PLACE + files.key() + " does not exist");
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void theChainIsNoCertificate() throws Exception {
        for (String content : List.of("nothing", "-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n")) {
            Files.writeString(files.chain(), content);
            refused(PLACE + files.chain() + " cannot be read as certificates in PEM form");
        }
    }

    @Test
    void aFileCannotBeRead() throws Exception {
        Files.delete(files.chain());
        Files.createDirectory(files.chain());
        refused(PLACE + files.chain() + " cannot be read");
    }

    @Test
    void theKeyIsThatOfAnotherCertificate() throws Exception {
        Files.copy(Certificates.ensure(folder.resolve("other"), HOST).key(), Files.newOutputStream(files.key()));
        refused(PLACE + files.key() + " is not the key of " + files.chain());
    }

    @Test
    void theKeyHasAPassword() throws Exception {
        for (String pem : List.of(
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n"
                        + "-----END RSA PRIVATE KEY-----\n")) {
            Files.writeString(files.key(), pem);
            refused(PLACE + files.key() + " is protected by a password; the key must be there without one");
        }
    }

    @Test
    void theFolderIsNone() {
        String yaml = YAML.replace("certs", "absent");
        assertThatThrownBy(() -> read(yaml, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(PLACE + folder.resolve("absent") + " is not a folder");
    }

    @Test
    void anIssuerOfClientCertificatesIsNone() throws Exception {
        Files.delete(folder.resolve("users.pem"));
        refused("stanzabus.yaml:4: c2s-gateway.client-authorities: " + folder.resolve("users.pem") + " does not exist");
    }

    @Test
    void aVariableOfTheEnvironmentIsNamed() {
        assertThatThrownBy(() -> read("", Map.of("STANZABUS_C2S_GATEWAY_CERTIFICATES", "absent")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("STANZABUS_C2S_GATEWAY_CERTIFICATES: c2s-gateway.certificates: " + folder.resolve("absent")
                        + " is not a folder");
    }

    /// No key of the configuration is wrong then.
    @Test
    void whatWasMadeAtTheFirstStartIsNamedByItself() throws Exception {
        CertificateFiles made = Certificates.ensure(folder.resolve("data/certificates"), HOST);
        Files.writeString(made.key(), "nothing");
        assertThatThrownBy(() -> read("", Map.of()))
                .isInstanceOf(StartupException.class)
                .hasMessage(made.key() + " holds no private key in PEM form");
    }
}
