package im.stanzabus.stream.tls;

import im.stanzabus.stanza.DomainNames;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificates of the virtual hosts, chosen by the name that the peer indicates (SNI, RFC
/// 6066 section 3), the first host's where it indicates none that is served. Files that change on
/// disk serve the next handshake. Safe from any thread; {@link #reload} blocks and is called by
/// one thread at a time.
public final class HostCertificates extends X509ExtendedKeyManager {
    private static final Logger LOG = LoggerFactory.getLogger(HostCertificates.class);

    private record Stamp(HostFiles files, FileTime chain, FileTime key, long chainSize, long keySize) {
        private static final FileTime NEVER = FileTime.fromMillis(0);

        /// A file that is not there is told of when it is read.
        static Stamp of(HostFiles files) {
            try {
                return new Stamp(
                        files,
                        Files.getLastModifiedTime(files.chain()),
                        Files.getLastModifiedTime(files.key()),
                        Files.size(files.chain()),
                        Files.size(files.key()));
            } catch (IOException _) {
                return new Stamp(files, NEVER, NEVER, -1, -1);
            }
        }
    }

    private record Entry(String alias, CertifiedKey certified) {}

    /// What is known of a host: the stamp is that of the last attempt to read its files, successful or not.
    private static final class Host {
        private @Nullable Stamp stamp;
        private int generation;
        private @Nullable Entry current;
        private @Nullable Entry former;
    }

    private final Supplier<List<HostFiles>> files;
    private final TlsEngine engine;
    private final Map<String, Host> hosts = new HashMap<>();
    private final Map<String, Entry> byName = new ConcurrentHashMap<>();
    private final Map<String, Entry> byAlias = new ConcurrentHashMap<>();
    private final String defaultName;

    /// @param files finds the files of the virtual hosts, the default host's first; blocks
    /// @param engine what the keys are for
    /// @throws GeneralSecurityException if one cannot be used; the message is fit for people and names the file
    public HostCertificates(Supplier<List<HostFiles>> files, TlsEngine engine) throws GeneralSecurityException {
        this.files = files;
        this.engine = engine;
        List<HostFiles> found = files.get();
        defaultName = DomainNames.ascii(found.getFirst().host());
        for (HostFiles pair : found) {
            load(pair);
        }
    }

    /// Reads the files that have changed. What cannot be used is logged once, and the old certificate stays.
    public void reload() {
        for (HostFiles pair : files.get()) {
            try {
                if (load(pair)) {
                    LOG.info("new certificate of {} in use: {}", pair.host(), pair.chain());
                }
            } catch (GeneralSecurityException e) {
                LOG.warn("the old certificate of {} stays in use: {}", pair.host(), e.getMessage());
            }
        }
    }

    /// False if the files have not changed, or hold what they held before.
    private boolean load(HostFiles pair) throws GeneralSecurityException {
        Host host = hosts.computeIfAbsent(DomainNames.ascii(pair.host()), _ -> new Host());
        Stamp now = Stamp.of(pair);
        if (now.equals(host.stamp)) {
            return false;
        }
        host.stamp = now;
        CertifiedKey certified = CertifiedKey.read(pair.chain(), pair.key());
        if (!engine.takes(certified.key())) {
            throw new GeneralSecurityException(pair.key() + " holds a key of the kind "
                    + certified.key().getAlgorithm() + "; with tls-engine openssl it must be RSA or EC");
        }
        if (host.current != null && host.current.certified().isSame(certified)) {
            return false;
        }
        use(DomainNames.ascii(pair.host()), host, certified);
        return true;
    }

    /// A handshake asks for alias, key and chain one after the other, so the one before stays known by its
    /// alias.
    private void use(String name, Host host, CertifiedKey certified) {
        Entry entry = new Entry(name + '#' + ++host.generation, certified);
        byAlias.put(entry.alias(), entry);
        byName.put(name, entry);
        if (host.former != null) {
            byAlias.remove(host.former.alias());
        }
        host.former = host.current;
        host.current = entry;
    }

    TlsEngine engine() {
        return engine;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        return alias(requestedName(engine), List.of(keyType));
    }

    /// The name by which the certificate of a domain is known: the default host's for one that is
    /// not served.
    String nameOf(String domain) {
        String name = DomainNames.ascii(domain);
        return byName.containsKey(name) ? name : defaultName;
    }

    /// What the JDK is to call the certificate of a host, or that of the default host if there is
    /// no such host; null if its key is of another type.
    @Nullable
    String alias(String name, List<String> keyTypes) {
        Entry entry = byName.get(name);
        if (entry == null) {
            entry = byName.get(defaultName);
        }
        return entry != null && keyTypes.contains(entry.certified().key().getAlgorithm()) ? entry.alias() : null;
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
