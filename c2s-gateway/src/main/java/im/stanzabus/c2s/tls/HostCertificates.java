package im.stanzabus.c2s.tls;

import java.io.IOException;
import java.net.IDN;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificates of the virtual hosts, chosen by the name that the client indicates (SNI, RFC 6066
/// section 3), the first host's where it indicates none that is served. Files that change on disk serve the
/// next handshake. Safe from any thread; {@link #reload} blocks and is called by one thread at a time.
public final class HostCertificates extends X509ExtendedKeyManager {
    private static final Logger LOG = LoggerFactory.getLogger(HostCertificates.class);

    private record Stamp(FileTime chain, FileTime key, long chainSize, long keySize) {}

    private record Entry(String alias, CertifiedKey certified) {}

    /// One host's files: the stamp is that of the last attempt to read them, successful or not.
    private static final class Host {
        private final HostFiles files;
        private @Nullable Stamp stamp;
        private int generation;
        private @Nullable Entry current;
        private @Nullable Entry former;

        private Host(HostFiles files) {
            this.files = files;
        }
    }

    private final List<Host> hosts = new ArrayList<>();
    private final Map<String, Entry> byName = new ConcurrentHashMap<>();
    private final Map<String, Entry> byAlias = new ConcurrentHashMap<>();
    private final String defaultName;

    /// @param files one entry per virtual host, the default host first
    /// @throws IOException if a file cannot be read
    /// @throws GeneralSecurityException if one cannot be used; the message is fit for people
    public HostCertificates(List<HostFiles> files) throws IOException, GeneralSecurityException {
        defaultName = ascii(files.getFirst().host());
        for (HostFiles pair : files) {
            Host host = new Host(pair);
            host.stamp = stamp(pair);
            use(host, CertifiedKey.read(pair.chain(), pair.key()));
            hosts.add(host);
        }
    }

    /// Reads the files that have changed. What cannot be used is logged once, and the old certificate stays.
    public void reload() {
        for (Host host : hosts) {
            try {
                Stamp now = stamp(host.files);
                if (!now.equals(host.stamp)) {
                    host.stamp = now;
                    use(host, CertifiedKey.read(host.files.chain(), host.files.key()));
                    LOG.info("new certificate of {} in use", host.files.host());
                }
            } catch (IOException | GeneralSecurityException e) {
                LOG.warn("the old certificate of {} stays in use: {}", host.files.host(), e.getMessage());
            }
        }
    }

    private static Stamp stamp(HostFiles files) throws IOException {
        return new Stamp(
                Files.getLastModifiedTime(files.chain()),
                Files.getLastModifiedTime(files.key()),
                Files.size(files.chain()),
                Files.size(files.key()));
    }

    /// A handshake asks for alias, key and chain one after the other, so the one before stays known by its
    /// alias.
    private void use(Host host, CertifiedKey certified) {
        String name = ascii(host.files.host());
        Entry entry = new Entry(name + '#' + ++host.generation, certified);
        byAlias.put(entry.alias(), entry);
        byName.put(name, entry);
        if (host.former != null) {
            byAlias.remove(host.former.alias());
        }
        host.former = host.current;
        host.current = entry;
    }

    private static String ascii(String domain) {
        try {
            return IDN.toASCII(domain).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return domain;
        }
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        Entry entry = byName.get(requestedName(engine));
        if (entry == null) {
            entry = byName.get(defaultName);
        }
        return entry != null && entry.certified().key().getAlgorithm().equals(keyType) ? entry.alias() : null;
    }

    private String requestedName(SSLEngine engine) {
        if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName name : session.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName().toLowerCase(Locale.ROOT);
                }
            }
        }
        return defaultName;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Entry entry = byAlias.get(alias);
        return entry == null ? null : entry.certified().chain().clone();
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Entry entry = byAlias.get(alias);
        return entry == null ? null : entry.certified().key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyType, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }
}
