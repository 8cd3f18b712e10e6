package im.stanzabus.auth.account;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.auth.AuthServer;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyDerivationTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() {
        AuthServer.await(vertx.close());
    }

    private static Password password(String text) {
        return Objects.requireNonNull(Password.of(text));
    }

    @Test
    void keysBelongToTheirPasswordOnly() {
        KeyDerivation derivation = new KeyDerivation(vertx, 4096, 1, 10);
        Credentials credentials = AuthServer.await(derivation.derive(password("secret")));

        for (ScramHash hash : ScramHash.values()) {
            ScramKeys keys = credentials.of(hash);
            assertThat(keys.salt()).hasSize(ScramKeys.SALT_BYTES);
            assertThat(keys.storedKey()).hasSize(hash.keyBytes());
            assertThat(keys.serverKey()).hasSize(hash.keyBytes());
            assertThat(AuthServer.await(derivation.matches(hash, keys, password("secret"), () -> {})))
                    .isTrue();
            assertThat(AuthServer.await(derivation.matches(hash, keys, password("Secret"), () -> {})))
                    .isFalse();
        }
        assertThat(credentials.sha1().salt()).isNotEqualTo(credentials.sha256().salt());
        assertThat(AuthServer.await(derivation.derive(password("secret")))
                        .sha1()
                        .salt())
                .isNotEqualTo(credentials.sha1().salt());
    }

    @Test
    void turnsPasswordsAwayWhenTooManyWait() {
        KeyDerivation derivation = new KeyDerivation(vertx, 20_000, 1, 3);
        List<Future<Credentials>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(derivation.derive(password("secret")));
        }
        AuthServer.await(Future.join(all).otherwiseEmpty());

        assertThat(all).filteredOn(Future::succeeded).hasSize(3);
        assertThat(all)
                .filteredOn(Future::failed)
                .hasSize(5)
                .allSatisfy(refused -> assertThat(
                                BusFailure.toStanzaError(refused.cause()).condition())
                        .isEqualTo(Condition.RESOURCE_CONSTRAINT));
        assertThat(AuthServer.await(derivation.derive(password("later")))).isNotNull();
    }

    @Test
    void passwordDoesNotShowItself() {
        assertThat(password("secret").toString()).doesNotContain("secret");
    }
}
