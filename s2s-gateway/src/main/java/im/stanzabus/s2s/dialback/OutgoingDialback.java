package im.stanzabus.s2s.dialback;

import im.stanzabus.stanza.StanzaError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What goes out on one stream by dialback (XEP-0220 section 2.1): as initiating server the
/// requests to send stanzas for pairs, as receiving server the questions about keys that came on
/// other streams. An answer counts only for what was asked on this stream and is not answered yet
/// (section 3.1); every other is dropped.
///
/// A stream carries one pair, and more if the peer has said that it knows errors: who does not
/// ends the stream for one domain that it does not like, and the others with it (section 2.6.2).
///
/// Confined to its stream. Timers are the caller's.
public final class OutgoingDialback {
    private record Question(DomainPair pair, String id) {}

    /// @param waiting whether anybody still does
    private record Asked(String key, boolean waiting) {}

    private final String streamId;
    private final DialbackKey key;
    private final boolean errors;
    private final DialbackLimits limits;
    private final Set<DomainPair> pending = new HashSet<>();
    private final Set<DomainPair> verified = new HashSet<>();
    private final Map<Question, Asked> questions = new HashMap<>();
    private boolean used;

    /// @param streamId the id that the peer gave to the stream; with XEP-0288, the stream's only
    ///     one
    /// @param errors whether the peer knows errors of dialback; with XEP-0288 it must
    public OutgoingDialback(String streamId, DialbackKey key, boolean errors, DialbackLimits limits) {
        this.streamId = streamId;
        this.key = key;
        this.errors = errors;
        this.limits = limits;
    }

    /// Whether stanzas may be sent for a pair.
    public boolean isVerified(DomainPair pair) {
        return verified.contains(pair);
    }

    /// Whether a pair may be asked for on this stream, or is there.
    public boolean hasPlace(DomainPair pair) {
        return verified.contains(pair)
                || pending.contains(pair)
                || !used
                || (errors && verified.size() + pending.size() < limits.pairs());
    }

    /// The pair was authorized without dialback, by SASL.
    public void grant(DomainPair pair) {
        used = true;
        pending.remove(pair);
        verified.add(pair);
    }

    /// There are stanzas to be sent for a pair. Nothing is asked twice.
    public List<OutgoingStep> authorize(DomainPair pair) {
        if (verified.contains(pair) || pending.contains(pair)) {
            return List.of();
        }
        if (!hasPlace(pair)) {
            return List.of(new OutgoingStep.Refused(
                    pair, StanzaError.Condition.REMOTE_SERVER_TIMEOUT, true, "the stream carries no more domains"));
        }
        used = true;
        pending.add(pair);
        return List.of(new OutgoingStep.Send(new Dialback.AuthorizationRequest(pair, key.write(pair, streamId))));
    }

    /// A key is to be verified that came on another stream.
    public List<OutgoingStep> verify(Dialback.VerificationRequest request) {
        if (request.id().equals(streamId)) {
            // XEP-0288 section 2.2: who asks must not be who answers
            return List.of(new OutgoingStep.Verified(request, Verification.NOT_TRUSTED));
        }
        Question question = new Question(request.pair(), request.id());
        Asked before = questions.get(question);
        if (before != null) {
            if (!before.key().equals(request.key())) {
                // The answer to the other key is still to come, and could not be told from the one to this.
                return List.of(new OutgoingStep.Verified(request, Verification.SILENT));
            }
            questions.put(question, new Asked(request.key(), true));
            return List.of();
        }
        if (questions.size() >= limits.verifications()) {
            return List.of(new OutgoingStep.Verified(request, Verification.OVERLOADED));
        }
        questions.put(question, new Asked(request.key(), true));
        return List.of(new OutgoingStep.Send(request));
    }

    public List<OutgoingStep> received(Dialback.Answer answer) {
        return switch (answer) {
            case Dialback.AuthorizationAnswer about -> authorized(about);
            case Dialback.VerificationAnswer about -> verified(about);
        };
    }

    private List<OutgoingStep> authorized(Dialback.AuthorizationAnswer answer) {
        DomainPair pair = answer.pair();
        if (!pending.remove(pair)) {
            return List.of(new OutgoingStep.Drop(pair, "an authorization that was not asked for"));
        }
        return switch (answer.verdict()) {
            case Verdict.Valid _ -> {
                verified.add(pair);
                yield List.of(new OutgoingStep.Authorized(pair));
            }
            case Verdict.Invalid _ ->
                List.of(
                        new OutgoingStep.Refused(
                                pair, StanzaError.Condition.INTERNAL_SERVER_ERROR, false, "the key was called invalid"),
                        new OutgoingStep.Leave());
            case Verdict.Failed failed ->
                List.of(refused(
                        pair,
                        failed.condition() == DialbackCondition.RESOURCE_CONSTRAINT && hasOthers(),
                        failed.condition().wire()));
        };
    }

    /// On a stream that was made for this pair alone, another one would be no better.
    private boolean hasOthers() {
        return !verified.isEmpty() || !pending.isEmpty();
    }

    private List<OutgoingStep> verified(Dialback.VerificationAnswer answer) {
        Asked asked = questions.remove(new Question(answer.pair(), answer.id()));
        if (asked == null) {
            return List.of(new OutgoingStep.Drop(answer.pair(), "a verification that was not asked for"));
        }
        if (!asked.waiting()) {
            return List.of(new OutgoingStep.Drop(answer.pair(), "a verification that came too late"));
        }
        return List.of(new OutgoingStep.Verified(
                new Dialback.VerificationRequest(answer.pair(), answer.id(), asked.key()),
                Verification.of(answer.verdict())));
    }

    /// The peer has not answered a request in time.
    public List<OutgoingStep> timedOut(Dialback.Request request) {
        return switch (request) {
            case Dialback.AuthorizationRequest about ->
                pending.remove(about.pair()) ? List.of(refused(about.pair(), false, "no answer in time")) : List.of();
            case Dialback.VerificationRequest about -> forget(about);
        };
    }

    /// The question stays known, so that its answer is taken for no other's.
    private List<OutgoingStep> forget(Dialback.VerificationRequest request) {
        Question question = new Question(request.pair(), request.id());
        if (!questions.replace(question, new Asked(request.key(), true), new Asked(request.key(), false))) {
            return List.of();
        }
        return List.of(new OutgoingStep.Verified(request, Verification.SILENT));
    }

    /// The stream has ended, or is given up.
    ///
    /// @param outcome what this means for questions, such as
    ///     {@link Verification#of}
    public List<OutgoingStep> closed(Verification outcome) {
        List<OutgoingStep> steps = new ArrayList<>();
        pending.forEach(pair -> steps.add(refused(pair, false, "the stream ended")));
        questions.forEach((question, asked) -> {
            if (asked.waiting()) {
                steps.add(new OutgoingStep.Verified(
                        new Dialback.VerificationRequest(question.pair(), question.id(), asked.key()), outcome));
            }
        });
        pending.clear();
        verified.clear();
        questions.clear();
        return steps;
    }

    private static OutgoingStep refused(DomainPair pair, boolean elsewhere, String reason) {
        return new OutgoingStep.Refused(pair, StanzaError.Condition.REMOTE_SERVER_TIMEOUT, elsewhere, reason);
    }
}
