package im.stanzabus.s2s.dialback;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.s2s.policy.Standing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/// Whatever comes in whatever order, a pair is verified by nothing but a valid answer to its own
/// question.
class DialbackPropertyTest {
    private static final String ID = "1";
    private static final DialbackLimits LIMITS = new DialbackLimits(3, 2, 1_000, 3);

    /// What happens to a receiving server: a request comes, or else an answer.
    private record Event(DomainPair pair, String id, String key, Verification outcome, boolean request) {
        Dialback.VerificationRequest question() {
            return new Dialback.VerificationRequest(pair, id, key);
        }
    }

    @Provide
    Arbitrary<List<Event>> events() {
        return Combinators.combine(
                        pairs(), ids(), keys(), Arbitraries.of(Verification.class), Arbitraries.of(true, false))
                .as(Event::new)
                .list()
                .ofMaxSize(60);
    }

    private static Arbitrary<DomainPair> pairs() {
        Arbitrary<String> domains = Arbitraries.of("a.example", "b.example", "c.example");
        return Combinators.combine(domains, domains).as(DomainPair::new);
    }

    private static Arbitrary<String> ids() {
        return Arbitraries.of(ID, ID, ID, "2");
    }

    private static Arbitrary<String> keys() {
        return Arbitraries.of("good", "bad", "");
    }

    @Property(tries = 5_000)
    void aPairIsVerifiedByAValidAnswerToItsQuestionOnly(@ForAll("events") List<Event> events) {
        IncomingDialback dialback =
                new IncomingDialback(ID, LIMITS, domain -> !domain.equals("c.example"), _ -> Standing.MAY_DIAL_BACK);
        Set<Dialback.VerificationRequest> open = new HashSet<>();
        Set<DomainPair> verified = new HashSet<>();
        boolean ended = false;

        for (Event event : events) {
            List<IncomingStep> steps;
            if (event.request()) {
                steps = dialback.received(new Dialback.AuthorizationRequest(event.pair(), event.key()));
            } else {
                if (open.remove(event.question()) && event.outcome() == Verification.VALID && !ended) {
                    verified.add(event.pair());
                }
                steps = dialback.verified(event.question(), event.outcome());
            }
            for (IncomingStep step : steps) {
                switch (step) {
                    case IncomingStep.Verify verify ->
                        assertThat(open.add(verify.request())).isTrue();
                    case IncomingStep.Answer answer ->
                        assertThat(answer.answer().verdict().equals(Verdict.VALID))
                                .isEqualTo(verified.contains(answer.answer().pair()));
                    case IncomingStep.End _ -> ended = true;
                    case IncomingStep.Drop _ -> {}
                }
            }
            assertThat(dialback.verified()).isEqualTo(verified);
            assertThat(verified.size()).isLessThanOrEqualTo(LIMITS.pairs());
            assertThat(ended ? 0 : open.size()).isLessThanOrEqualTo(LIMITS.pending());
        }
    }

    /// What is done on the stream to an authoritative server, for whom only the key `good` is
    /// right.
    private enum Action {
        ASK,
        TIME_OUT,
        /// The server answers the question that it got first of those that are open.
        ANSWER,
        /// It answers what nobody has asked.
        INVENT
    }

    @Property(tries = 5_000)
    void anAnswerIsForTheKeyThatWasAskedAbout(
            @ForAll @Size(max = 60) List<Action> actions, @ForAll @IntRange(max = 1_000) int seed) {
        OutgoingDialback dialback = new OutgoingDialback(
                "of the peer", new DialbackKey("secret".getBytes(StandardCharsets.UTF_8)), true, LIMITS);
        Random random = new Random(seed);
        List<Dialback.VerificationRequest> sent = new ArrayList<>();
        Set<Dialback.VerificationRequest> waiting = new HashSet<>();

        for (Action action : actions) {
            Dialback.VerificationRequest question = new Dialback.VerificationRequest(
                    new DomainPair(random.nextBoolean() ? "a.example" : "b.example", "c.example"),
                    ID,
                    random.nextBoolean() ? "good" : "bad");
            List<OutgoingStep> steps = switch (action) {
                case ASK -> {
                    waiting.add(question);
                    yield dialback.verify(question);
                }
                case TIME_OUT -> dialback.timedOut(question);
                case ANSWER -> {
                    Dialback.VerificationRequest next = sent.isEmpty() ? question : sent.removeFirst();
                    yield dialback.received(next.answer(judge(next)));
                }
                case INVENT ->
                    dialback.received(new Dialback.VerificationAnswer(question.pair(), "invented", Verdict.VALID));
            };
            for (OutgoingStep step : steps) {
                switch (step) {
                    case OutgoingStep.Send send -> sent.add((Dialback.VerificationRequest) send.request());
                    case OutgoingStep.Verified verified -> {
                        assertThat(waiting.remove(verified.request())).isTrue();
                        if (verified.outcome() == Verification.VALID) {
                            assertThat(verified.request().key()).isEqualTo("good");
                        } else if (verified.outcome() == Verification.INVALID) {
                            assertThat(verified.request().key()).isEqualTo("bad");
                        }
                    }
                    default -> {}
                }
            }
            assertThat(sent.size()).isLessThanOrEqualTo(LIMITS.verifications());
        }
    }

    private static Verdict judge(Dialback.VerificationRequest question) {
        return question.key().equals("good") ? Verdict.VALID : Verdict.INVALID;
    }

    /// All three servers: what the sender's own installation has made is verified, and nothing
    /// else.
    @Property(tries = 500)
    void whoHasTheSecretIsVerified(@ForAll boolean same, @ForAll("events") List<Event> noise) {
        DomainPair pair = new DomainPair("sender.example", "target.example");
        OutgoingDialback initiating = new OutgoingDialback(
                ID, new DialbackKey("secret".getBytes(StandardCharsets.UTF_8)), true, DialbackLimits.DEFAULT);
        IncomingDialback receiving =
                new IncomingDialback(ID, DialbackLimits.DEFAULT, "target.example"::equals, _ -> Standing.MAY_DIAL_BACK);
        AuthoritativeDialback authoritative = new AuthoritativeDialback(
                new DialbackKey((same ? "secret" : "other").getBytes(StandardCharsets.UTF_8)),
                "sender.example"::equals);
        noise.stream().limit(20).forEach(event -> receiving.verified(event.question(), event.outcome()));

        OutgoingStep.Send send = (OutgoingStep.Send) initiating.authorize(pair).getFirst();
        IncomingStep.Verify verify = (IncomingStep.Verify) receiving
                .received((Dialback.AuthorizationRequest) send.request())
                .getFirst();
        Verification outcome =
                Verification.of(authoritative.answer(verify.request()).verdict());
        IncomingStep.Answer answer = (IncomingStep.Answer)
                receiving.verified(verify.request(), outcome).getFirst();
        initiating.received(answer.answer());

        assertThat(receiving.isVerified(pair)).isEqualTo(same);
        assertThat(initiating.isVerified(pair)).isEqualTo(same);
    }
}
