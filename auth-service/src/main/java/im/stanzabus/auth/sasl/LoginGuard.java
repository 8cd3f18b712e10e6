package im.stanzabus.auth.sasl;

import im.stanzabus.auth.throttle.LoginThrottle;
import im.stanzabus.bus.api.SaslReply;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import java.util.function.Supplier;

/// What stands between a check of credentials and its success: the throttle, and changes of the account in
/// the meantime, wherever they were made. Safe from any thread.
public final class LoginGuard {
    private final LoginThrottle throttle;

    public LoginGuard(LoginThrottle throttle) {
        this.throttle = throttle;
    }

    /// Refuses a login that would be turned away anyhow, before any work is done for it.
    void checkOpen(Attempt attempt, Jid account) {
        if (throttle.isBlocked(account, attempt.channel().peerAddress())) {
            throw SaslRefusal.tooManyFailures().about(account);
        }
    }

    /// Counts an attempt as failed until it is known to be right.
    void admit(Attempt attempt, Jid account) {
        if (!throttle.admit(account, attempt.channel().peerAddress())) {
            throw SaslRefusal.tooManyFailures().about(account);
        }
    }

    /// Ends an admitted attempt.
    ///
    /// @param unchanged whether the account still has the credentials that were checked; asked when they were
    ///     right
    Future<SaslReply> verdict(
            Attempt attempt, Jid account, boolean right, byte[] successData, Supplier<Future<Boolean>> unchanged) {
        if (!right) {
            return refused(account);
        }
        throttle.succeeded(account, attempt.channel().peerAddress());
        return unchanged.get().compose(still -> still ? success(account, successData) : refused(account));
    }

    private static Future<SaslReply> success(Jid account, byte[] data) {
        return Future.succeededFuture(new SaslReply.Success(account, data.length == 0 ? null : data));
    }

    private static Future<SaslReply> refused(Jid account) {
        return Future.failedFuture(SaslRefusal.notAuthorized().about(account));
    }
}
