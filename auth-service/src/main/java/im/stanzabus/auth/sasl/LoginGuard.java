package im.stanzabus.auth.sasl;

import im.stanzabus.auth.account.Revocations;
import im.stanzabus.auth.throttle.LoginThrottle;
import im.stanzabus.bus.api.SaslReply;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;

/// What stands between a check of credentials and its success: the throttle, and changes of the account in
/// the meantime.
/// Safe from any thread.
public final class LoginGuard {
    private final LoginThrottle throttle;
    private final Revocations revocations;

    public LoginGuard(LoginThrottle throttle, Revocations revocations) {
        this.throttle = throttle;
        this.revocations = revocations;
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
    Future<SaslReply> verdict(Attempt attempt, Jid account, boolean right, byte[] successData) {
        if (!right) {
            return refused(account);
        }
        throttle.succeeded(account, attempt.channel().peerAddress());
        return unlessRevoked(attempt, account, successData);
    }

    /// Success, unless the account was removed or got a new password after the attempt began.
    Future<SaslReply> unlessRevoked(Attempt attempt, Jid account, byte[] successData) {
        if (revocations.since(account, attempt.began())) {
            return refused(account);
        }
        return Future.succeededFuture(new SaslReply.Success(account, successData.length == 0 ? null : successData));
    }

    private static Future<SaslReply> refused(Jid account) {
        return Future.failedFuture(SaslRefusal.notAuthorized().about(account));
    }
}
