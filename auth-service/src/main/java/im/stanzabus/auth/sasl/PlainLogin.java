package im.stanzabus.auth.sasl;

import im.stanzabus.auth.account.AccountService;
import im.stanzabus.auth.account.KeyDerivation;
import im.stanzabus.auth.account.Password;
import im.stanzabus.auth.account.ScramHash;
import im.stanzabus.auth.account.ScramKeys;
import im.stanzabus.auth.account.ServerSecret;
import im.stanzabus.bus.api.SaslReply;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;

/// PLAIN (RFC 4616), over TLS only. Costs one PBKDF2, for accounts that do not exist too.
final class PlainLogin implements SaslLogin {
    /// All keys of an account are made of the same password; SHA-1 is the one that costs least to check.
    private static final ScramHash CHEAPEST = ScramHash.SHA_1;

    private static final byte[] NO_DATA = new byte[0];

    private final AccountService accounts;
    private final ServerSecret secret;
    private final KeyDerivation derivation;
    private final LoginGuard guard;

    PlainLogin(AccountService accounts, ServerSecret secret, KeyDerivation derivation, LoginGuard guard) {
        this.accounts = accounts;
        this.secret = secret;
        this.derivation = derivation;
        this.guard = guard;
    }

    @Override
    public Future<SaslReply> first(Attempt attempt, byte[] data) {
        String message = SaslText.decode(data);
        int first = message.indexOf('\0');
        int second = message.indexOf('\0', first + 1);
        if (first < 0 || second < 0 || message.indexOf('\0', second + 1) >= 0) {
            throw SaslRefusal.malformed("a PLAIN message has three parts");
        }
        String username = message.substring(first + 1, second);
        String text = message.substring(second + 1);
        if (username.isEmpty() || text.isEmpty()) {
            throw SaslRefusal.malformed("no name or no password");
        }
        Jid account = attempt.account(username);
        attempt.checkAuthzid(message.substring(0, first), account);
        guard.checkOpen(attempt, account);
        Password password = Password.of(text);
        if (password == null) {
            guard.admit(attempt, account);
            return guard.verdict(attempt, account, false, NO_DATA, () -> Future.succeededFuture(false));
        }
        return check(attempt, account, password);
    }

    /// The attempt is counted when its turn comes: many right passwords that wait for their check are no failures.
    private Future<SaslReply> check(Attempt attempt, Jid account, Password password) {
        return accounts.keys(account, CHEAPEST).compose(found -> {
            ScramKeys keys = found == null ? secret.madeUpKeys(CHEAPEST, account, derivation.iterations()) : found;
            return derivation
                    .matches(CHEAPEST, keys, password, () -> guard.admit(attempt, account))
                    .compose(matches -> guard.verdict(
                            attempt,
                            account,
                            matches && found != null,
                            NO_DATA,
                            () -> accounts.hasKeys(account, CHEAPEST, keys.storedKey())));
        });
    }
}
