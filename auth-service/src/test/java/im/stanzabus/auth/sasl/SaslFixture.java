package im.stanzabus.auth.sasl;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.StringPreparation;
import im.stanzabus.auth.AuthServer;
import im.stanzabus.auth.account.AccountRepository;
import im.stanzabus.auth.account.AccountService;
import im.stanzabus.auth.account.KeyDerivation;
import im.stanzabus.auth.account.ScramHash;
import im.stanzabus.auth.account.ServerSecret;
import im.stanzabus.auth.throttle.LoginThrottle;
import im.stanzabus.bus.api.AuthRequest.SaslChannel;
import im.stanzabus.bus.api.AuthRequest.SaslStep;
import im.stanzabus.bus.api.SaslReply;
import im.stanzabus.launcher.VirtualHost;
import im.stanzabus.stanza.Jid;
import im.stanzabus.storage.Database;
import im.stanzabus.storage.testing.TestDatabase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The SASL part alone over a real database, with a nonce that the test chooses.
final class SaslFixture implements AutoCloseable {
    static final VirtualHost HOST = new VirtualHost("example.org", true, true, false, true, Duration.ZERO);

    final Vertx vertx = Vertx.vertx();
    final Database database = AuthServer.await(TestDatabase.fresh(vertx));
    final SaslService sasl;
    String nonce = "server-nonce";
    private final KeyDerivation derivation = new KeyDerivation(vertx, 4096, 1, 1_000);

    SaslFixture() {
        ServerSecret secret = new ServerSecret(new byte[ServerSecret.BYTES]);
        AccountService accounts =
                new AccountService(Set.of(HOST.domain()), new AccountRepository(database.pool()), derivation);
        LoginThrottle throttle = new LoginThrottle(
                new LoginThrottle.Limits(Duration.ofMinutes(5), 1_000_000, 1_000_000, 1_000_000), System::nanoTime);
        sasl = new SaslService(
                List.of(HOST),
                new MechanismOffer(EnumSet.allOf(Mechanism.class)),
                accounts,
                derivation,
                secret,
                new LoginGuard(throttle),
                new StateSeal(secret, InstantSource.system()),
                (_, _) -> {},
                () -> nonce);
    }

    /// An account whose keys for all hashes are made with the given salt.
    void account(Jid account, String password, String saltBase64, int iterations) {
        byte[] salt = Base64.getDecoder().decode(saltBase64);
        Tuple values = Tuple.of(account.domain(), account.local(), iterations);
        for (ScramHash hash : ScramHash.values()) {
            byte[] salted = ScramFunctions.saltedPassword(
                    hash.functions(), StringPreparation.SASL_PREPARATION, password.toCharArray(), salt, iterations);
            byte[] clientKey = ScramFunctions.clientKey(hash.functions(), salted);
            values.addBuffer(Buffer.buffer(salt))
                    .addBuffer(Buffer.buffer(ScramFunctions.storedKey(hash.functions(), clientKey)))
                    .addBuffer(Buffer.buffer(ScramFunctions.serverKey(hash.functions(), salted)));
        }
        AuthServer.await(database.pool().preparedQuery("""
                        INSERT INTO account (host, localpart, iterations,
                            sha512_salt, sha512_stored_key, sha512_server_key,
                            sha256_salt, sha256_stored_key, sha256_server_key,
                            sha1_salt, sha1_stored_key, sha1_server_key)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                        """).execute(values));
    }

    SaslReply step(String mechanism, byte @Nullable [] data, byte @Nullable [] state) {
        SaslChannel channel = new SaslChannel("192.0.2.1", true, List.of(), List.of("juliet@example.org"));
        return AuthServer.await(sasl.step(new SaslStep(HOST.domain(), mechanism, data, state, channel)));
    }

    SaslReply step(String mechanism, String message, byte @Nullable [] state) {
        return step(mechanism, message.getBytes(StandardCharsets.UTF_8), state);
    }

    @Override
    public void close() {
        AuthServer.await(derivation.close());
        AuthServer.await(database.close());
        AuthServer.await(vertx.close());
    }
}
