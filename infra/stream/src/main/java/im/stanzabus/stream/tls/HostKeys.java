package im.stanzabus.stream.tls;

import io.netty.handler.ssl.util.SimpleKeyManagerFactory;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.ManagerFactoryParameters;
import org.jspecify.annotations.Nullable;

/// The certificates of the virtual hosts in the form in which OpenSSL's engine wants them.
final class HostKeys extends SimpleKeyManagerFactory {
    private final HostCertificates certificates;

    HostKeys(HostCertificates certificates) {
        this.certificates = certificates;
    }

    @Override
    protected void engineInit(@Nullable KeyStore keyStore, char @Nullable [] password) {
        // they are read already
    }

    @Override
    protected void engineInit(ManagerFactoryParameters parameters) {
        // they are read already
    }

    @Override
    protected KeyManager[] engineGetKeyManagers() {
        return new KeyManager[] {certificates};
    }
}
