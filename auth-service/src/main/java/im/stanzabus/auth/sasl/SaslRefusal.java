package im.stanzabus.auth.sasl;

import im.stanzabus.stanza.Jid;
import org.jspecify.annotations.Nullable;

/// Ends a SASL exchange with an error for the client. Thrown while a message is read, or the failure of a
/// future.
final class SaslRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final SaslCondition condition;
    private final @Nullable String text;
    private final transient @Nullable Jid account;

    private SaslRefusal(SaslCondition condition, @Nullable String text, @Nullable Jid account) {
        super(text, null, false, false);
        this.condition = condition;
        this.text = text;
        this.account = account;
    }

    static SaslRefusal of(SaslCondition condition, String text) {
        return new SaslRefusal(condition, text, null);
    }

    static SaslRefusal malformed(String text) {
        return of(SaslCondition.MALFORMED_REQUEST, text);
    }

    /// Wrong credentials: the same words whether the account exists or not.
    static SaslRefusal notAuthorized() {
        return of(SaslCondition.NOT_AUTHORIZED, "the name or the password is wrong");
    }

    static SaslRefusal tooManyFailures() {
        return of(SaslCondition.TEMPORARY_AUTH_FAILURE, "too many failed logins, try again later");
    }

    /// The same with the account that the client asked for, for the log.
    SaslRefusal about(Jid asked) {
        return new SaslRefusal(condition, text, asked);
    }

    SaslCondition condition() {
        return condition;
    }

    @Nullable
    String text() {
        return text;
    }

    @Nullable
    Jid account() {
        return account;
    }
}
