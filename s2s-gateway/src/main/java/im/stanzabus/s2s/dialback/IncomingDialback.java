package im.stanzabus.s2s.dialback;

import im.stanzabus.s2s.policy.Standing;
import im.stanzabus.stanza.StreamError;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// The part of the receiving server on one stream (XEP-0220 section 2.2.1): which pairs its peer
/// may send stanzas for. A pair is verified when the authoritative server has confirmed its key
/// for this stream, when a certificate proves the sender's domain, or when SASL has
/// ({@link #grant}). Several pairs may be verified, at the same time too (section 2.6).
///
/// Initiating servers do not say whether they know errors of dialback. They are sent errors all
/// the same, as section 2.4.2 asks for: who does not know them ends the stream or waits in vain,
/// which is no worse.
///
/// Confined to its stream.
public final class IncomingDialback {
    private final String streamId;
    private final DialbackLimits limits;
    private final Predicate<String> hosted;
    private final Function<DomainPair, Standing> standings;
    private final Set<DomainPair> verified = new HashSet<>();
    private final Map<DomainPair, String> pending = new HashMap<>();
    private int failures;
    private boolean ended;

    /// @param streamId the id that this server gave to the stream
    /// @param hosted whether a domain is served here
    /// @param standings how the stream's peer stands with the policy for a pair's sender
    public IncomingDialback(
            String streamId,
            DialbackLimits limits,
            Predicate<String> hosted,
            Function<DomainPair, Standing> standings) {
        this.streamId = streamId;
        this.limits = limits;
        this.hosted = hosted;
        this.standings = standings;
    }

    /// Whether the peer may send stanzas for a pair.
    public boolean isVerified(DomainPair pair) {
        return verified.contains(pair);
    }

    /// The pairs that the peer may send stanzas for.
    public Set<DomainPair> verified() {
        return Set.copyOf(verified);
    }

    /// The pair was authorized without dialback, by SASL.
    public void grant(DomainPair pair) {
        verified.add(pair);
        pending.remove(pair);
    }

    /// The peer wants to send stanzas for a pair.
    public List<IncomingStep> received(Dialback.AuthorizationRequest request) {
        DomainPair pair = request.pair();
        if (ended) {
            return drop(pair, "the stream is ended");
        }
        if (verified.contains(pair)) {
            // Nothing is verified twice on a stream; the pair stays what it is, whatever the key.
            return answer(pair, Verdict.VALID);
        }
        if (pending.containsKey(pair)) {
            // There will be one answer. Nobody could tell to which of two keys another one belonged.
            return drop(pair, "it is being verified");
        }
        if (!hosted.test(pair.target())) {
            return refuse(pair, DialbackCondition.ITEM_NOT_FOUND);
        }
        if (hosted.test(pair.sender())) {
            // We would have to ask ourselves, and we do not come in here.
            return refuse(pair, DialbackCondition.NOT_ACCEPTABLE);
        }
        return switch (standings.apply(pair)) {
            case BLOCKED, TLS_MISSING -> refuse(pair, DialbackCondition.POLICY_VIOLATION);
            case PROOF_MISSING -> refuse(pair, DialbackCondition.NOT_AUTHORIZED);
            case PROVEN -> accept(pair);
            case MAY_DIAL_BACK -> dialBack(pair, request.key());
        };
    }

    private List<IncomingStep> accept(DomainPair pair) {
        if (isFull()) {
            return refuse(pair, DialbackCondition.RESOURCE_CONSTRAINT);
        }
        verified.add(pair);
        return answer(pair, Verdict.VALID);
    }

    private List<IncomingStep> dialBack(DomainPair pair, String key) {
        if (key.isEmpty() || key.length() > DialbackLimits.KEY_CHARACTERS) {
            return refuse(pair, DialbackCondition.NOT_ACCEPTABLE);
        }
        if (isFull() || pending.size() >= limits.pending()) {
            return refuse(pair, DialbackCondition.RESOURCE_CONSTRAINT);
        }
        pending.put(pair, key);
        return List.of(new IncomingStep.Verify(new Dialback.VerificationRequest(pair, streamId, key)));
    }

    private boolean isFull() {
        return verified.size() + pending.size() >= limits.pairs();
    }

    /// What the authoritative server has said, or why it has not. Counts only for what is being
    /// verified: this key for this pair on this stream. Everything else is dropped, as section
    /// 2.1.2 wants.
    public List<IncomingStep> verified(Dialback.VerificationRequest request, Verification outcome) {
        DomainPair pair = request.pair();
        if (ended || !request.id().equals(streamId) || !pending.remove(pair, request.key())) {
            return drop(pair, "nobody waits for this answer");
        }
        return switch (outcome.verdict()) {
            case Verdict.Valid _ -> {
                verified.add(pair);
                yield answer(pair, Verdict.VALID);
            }
            case Verdict.Invalid _ -> forged(pair);
            case Verdict.Failed failed -> refuse(pair, failed.condition());
        };
    }

    /// A stream that has nothing else to do ends (section 2.2.1). Others go on, for they may be a
    /// hosting server's with one domain that is set up wrongly.
    private List<IncomingStep> forged(DomainPair pair) {
        if (!verified.isEmpty()) {
            return refuse(pair, DialbackCondition.FORBIDDEN);
        }
        end();
        return List.of(answered(pair, Verdict.INVALID), new IncomingStep.End(null));
    }

    private List<IncomingStep> refuse(DomainPair pair, DialbackCondition condition) {
        IncomingStep answer = answered(pair, new Verdict.Failed(condition));
        if (++failures < limits.failures()) {
            return List.of(answer);
        }
        end();
        return List.of(
                answer,
                new IncomingStep.End(
                        StreamError.of(StreamError.Condition.POLICY_VIOLATION, "too many domains were refused")));
    }

    private void end() {
        ended = true;
        pending.clear();
    }

    private static List<IncomingStep> answer(DomainPair pair, Verdict verdict) {
        return List.of(answered(pair, verdict));
    }

    private static IncomingStep answered(DomainPair pair, Verdict verdict) {
        return new IncomingStep.Answer(new Dialback.AuthorizationAnswer(pair, verdict));
    }

    private static List<IncomingStep> drop(DomainPair pair, String reason) {
        return List.of(new IncomingStep.Drop(pair, reason));
    }
}
