package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.launcher.VirtualHost;
import im.stanzabus.stream.testing.TestCertificates;
import im.stanzabus.stream.tls.TlsEngine;
import io.netty.handler.ssl.util.LazyX509Certificate;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// XEP-0178 section 2: certificates of clients.
@ParameterizedClass
@EnumSource(TlsEngine.class)
class ExternalTest {
    @Parameter
    private TlsEngine engine;

    @TempDir
    Path folder;

    private TestCertificates authority;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        authority = TestCertificates.authority("CN=Users");
        Path file = folder.resolve("users.pem");
        Files.writeString(file, authority.pem());
        gateway = new TestGateway(
                "client-authorities: " + file + "\n" + TestGateway.with(engine),
                new VirtualHost(TestGateway.ALPHA, false, true, false, true, java.time.Duration.ZERO));
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    private AuthRequest.SaslChannel login(TestCertificates user) throws Exception {
        TestClient client = gateway.connect();
        client.open(TestGateway.ALPHA);
        client.startTls(_ -> {}, new OneKey(user));
        client.login("romeo", TestGateway.ALPHA);
        return gateway.auth.steps.poll(10, TimeUnit.SECONDS).channel();
    }

    private boolean offeredForCertificate() throws InterruptedException {
        return gateway.auth.offers.poll(10, TimeUnit.SECONDS).certificate();
    }

    @Test
    void theAddressesOfACheckedCertificateAreToldToAuthService() throws Exception {
        TestCertificates user = authority.user("romeo@alpha.test", "montague@alpha.test");
        assertThat(login(user).certificateJids()).containsExactly("romeo@alpha.test", "montague@alpha.test");
        assertThat(offeredForCertificate()).isTrue();
    }

    @Test
    void aCertificateWithoutAddressesIsACertificateStill() throws Exception {
        assertThat(login(authority.user()).certificateJids()).isEmpty();
        assertThat(offeredForCertificate()).isTrue();
    }

    @Test
    void aStrangersCertificateCountsForNothing() throws Exception {
        TestCertificates stranger = TestCertificates.authority("CN=Strangers").user("romeo@alpha.test");
        assertThat(login(stranger).certificateJids()).isEmpty();
        assertThat(offeredForCertificate()).isFalse();
    }

    @Test
    void anExpiredCertificateCountsForNothing() throws Exception {
        assertThat(login(authority.expiredUser("romeo@alpha.test")).certificateJids())
                .isEmpty();
        assertThat(offeredForCertificate()).isFalse();
    }

    @Test
    void noCertificateIsNeeded() throws Exception {
        TestClient client = gateway.connect();
        client.open(TestGateway.ALPHA);
        client.startTls();
        client.login("romeo", TestGateway.ALPHA);
        assertThat(offeredForCertificate()).isFalse();
    }

    /// Java's engine refuses the handshake, OpenSSL's lets some through: then it counts for nothing.
    @Test
    void somethingThatIsNoCertificateDoesNoHarm() throws Exception {
        TestCertificates user = authority.user("romeo@alpha.test");
        X509Certificate broken = new LazyX509Certificate(new byte[] {0x30, 3, 2, 1, 1});
        TestClient client = gateway.connect();
        client.open(TestGateway.ALPHA);
        try {
            client.startTls(_ -> {}, new OneKey(user.key(), user.certificate(), broken));
            client.login("romeo", TestGateway.ALPHA);
        } catch (IOException _) {
            assertThat(gateway.auth.steps).isEmpty();
            return;
        }
        assertThat(gateway.auth.steps.poll(10, TimeUnit.SECONDS).channel().certificateJids())
                .isEmpty();
    }

    /// Presents these certificates whatever the server asks for.
    private static final class OneKey extends X509ExtendedKeyManager {
        private final PrivateKey key;
        private final X509Certificate[] chain;

        OneKey(TestCertificates user) {
            this(user.key(), user.certificate());
        }

        OneKey(PrivateKey key, X509Certificate... chain) {
            this.key = key;
            this.chain = chain;
        }

        @Override
        public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            return "user";
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain;
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {"user"};
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return null;
        }
    }
}
