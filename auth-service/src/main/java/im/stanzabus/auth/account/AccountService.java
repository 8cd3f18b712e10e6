package im.stanzabus.auth.account;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules for creating and changing accounts. Refusals are failed futures of {@link BusFailure}. Safe
/// from any thread.
public final class AccountService {
    private static final int LONGEST_PAGE = 1_000;

    private final Set<String> hosts;
    private final AccountRepository accounts;
    private final KeyDerivation derivation;

    public AccountService(Set<String> hosts, AccountRepository accounts, KeyDerivation derivation) {
        this.hosts = Set.copyOf(hosts);
        this.accounts = accounts;
        this.derivation = derivation;
    }

    /// Creates an account. Fails with `not-acceptable` for a name or password that cannot be used,
    /// `conflict` for a name that is taken or whose earlier account is still being removed.
    ///
    /// @param creation a number by which a repetition is known and succeeds again; 0 for none
    public Future<Void> create(Jid account, String password, long creation) {
        if (!isAccountOfOurs(account)) {
            return refused(Condition.NOT_ACCEPTABLE, "not the address of an account on this server");
        }
        Password prepared = Password.of(password);
        if (prepared == null) {
            return unusablePassword();
        }
        return derivation
                .derive(prepared)
                .compose(credentials -> accounts.create(account, credentials, creation))
                .compose(created -> created
                        ? Future.<Void>succeededFuture()
                        : refused(Condition.CONFLICT, "the account exists already"));
    }

    /// Sets a new password. Logins that began with the old one fail. Fails with `item-not-found` or
    /// `not-acceptable`.
    public Future<Void> changePassword(Jid account, String password) {
        if (!isAccountOfOurs(account)) {
            return notFound();
        }
        Password prepared = Password.of(password);
        if (prepared == null) {
            return unusablePassword();
        }
        return derivation
                .derive(prepared)
                .compose(credentials -> accounts.setPassword(account.bare(), credentials))
                .compose(changed -> changed ? Future.<Void>succeededFuture() : notFound());
    }

    /// True for an account that exists and is not being removed.
    public Future<Boolean> exists(Jid account) {
        return hosts.contains(account.domain()) && account.hasLocal()
                ? accounts.exists(account.bare())
                : Future.succeededFuture(false);
    }

    /// A page of accounts in the order of their names. Fails with `item-not-found` for a host that is not
    /// ours.
    public Future<List<Jid>> list(String host, String after, int limit) {
        if (!hosts.contains(host)) {
            return Future.failedFuture(failure(Condition.ITEM_NOT_FOUND, "no such host"));
        }
        return accounts.list(host, after, Math.clamp(limit, 1, LONGEST_PAGE));
    }

    /// The keys of an account for a login; null if there is no such account.
    public Future<@Nullable ScramKeys> keys(Jid account, ScramHash hash) {
        return accounts.keys(account, hash);
    }

    /// True while an account has these keys: it was neither removed nor got a new password since they were
    /// read.
    public Future<Boolean> hasKeys(Jid account, ScramHash hash, byte[] storedKey) {
        return accounts.hasKeys(account, hash, storedKey);
    }

    private boolean isAccountOfOurs(Jid account) {
        return account.isBare() && account.hasLocal() && hosts.contains(account.domain());
    }

    private static Future<Void> notFound() {
        return refused(Condition.ITEM_NOT_FOUND, "no such account");
    }

    private static Future<Void> unusablePassword() {
        return refused(
                Condition.NOT_ACCEPTABLE,
                "a password has 1 to " + Password.MAX_LENGTH + " characters and no control characters");
    }

    private static Future<Void> refused(Condition condition, String text) {
        return Future.failedFuture(failure(condition, text));
    }

    private static BusFailure failure(Condition condition, String text) {
        return new BusFailure(StanzaError.of(condition, text), text);
    }
}
