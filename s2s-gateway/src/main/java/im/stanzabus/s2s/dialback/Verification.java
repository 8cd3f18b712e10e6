package im.stanzabus.s2s.dialback;

import im.stanzabus.stanza.StreamError;
import org.jspecify.annotations.Nullable;

/// What came of asking the authoritative server about a key, and what the initiating server is
/// told if it is neither valid nor invalid (XEP-0220 section 2.5).
public enum Verification {
    VALID(Verdict.VALID),
    INVALID(Verdict.INVALID),
    /// The authoritative server has answered with an error; section 2.4.2 wants this condition,
    /// whatever it was.
    ERROR(DialbackCondition.REMOTE_SERVER_NOT_FOUND),
    /// There is no such server: DNS knows no address, or the domain says that it has none.
    NO_SERVER(DialbackCondition.REMOTE_SERVER_NOT_FOUND),
    /// The server that was found does not serve the domain (stream errors `host-unknown` and
    /// `host-gone`).
    HOST_UNKNOWN(DialbackCondition.REMOTE_SERVER_NOT_FOUND),
    /// None of the server's addresses took a connection.
    NO_CONNECTION(DialbackCondition.REMOTE_CONNECTION_FAILED),
    /// The stream ended before the answer.
    CLOSED(DialbackCondition.REMOTE_SERVER_TIMEOUT),
    /// The answer did not come in time.
    SILENT(DialbackCondition.REMOTE_SERVER_TIMEOUT),
    /// The authoritative server must not be asked: it has not proved itself as the policy for its
    /// domain wants.
    NOT_TRUSTED(DialbackCondition.NOT_ACCEPTABLE),
    /// There are too many questions already.
    OVERLOADED(DialbackCondition.RESOURCE_CONSTRAINT);

    private final Verdict verdict;

    Verification(Verdict verdict) {
        this.verdict = verdict;
    }

    Verification(DialbackCondition condition) {
        this(new Verdict.Failed(condition));
    }

    /// What an answer means.
    static Verification of(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Valid _ -> VALID;
            case Verdict.Invalid _ -> INVALID;
            case Verdict.Failed _ -> ERROR;
        };
    }

    /// What the end of the stream to the authoritative server means for the questions on it.
    ///
    /// @param error with which the authoritative server ended it; null if there was none
    public static Verification of(StreamError.@Nullable Condition error) {
        return error == StreamError.Condition.HOST_UNKNOWN || error == StreamError.Condition.HOST_GONE
                ? HOST_UNKNOWN
                : CLOSED;
    }

    /// What is said to the initiating server.
    Verdict verdict() {
        return verdict;
    }
}
