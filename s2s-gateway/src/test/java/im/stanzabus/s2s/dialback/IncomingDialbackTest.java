package im.stanzabus.s2s.dialback;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.s2s.policy.Standing;
import im.stanzabus.stanza.StreamError;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// A server at montague.example and chat.montague.example is asked by capulet.example.
class IncomingDialbackTest {
    private static final String ID = "417GAF25";
    private static final DomainPair PAIR = new DomainPair("capulet.example", "montague.example");
    private static final DomainPair ROOMS = new DomainPair("rooms.capulet.example", "montague.example");
    private static final DomainPair CHAT = new DomainPair("capulet.example", "chat.montague.example");
    private static final Set<String> HOSTS = Set.of("montague.example", "chat.montague.example");

    private Standing standing = Standing.MAY_DIAL_BACK;
    private IncomingDialback dialback = with(DialbackLimits.DEFAULT);

    private IncomingDialback with(DialbackLimits limits) {
        return new IncomingDialback(ID, limits, HOSTS::contains, _ -> standing);
    }

    private List<IncomingStep> request(DomainPair pair, String key) {
        return dialback.received(new Dialback.AuthorizationRequest(pair, key));
    }

    private static Dialback.VerificationRequest question(DomainPair pair, String key) {
        return new Dialback.VerificationRequest(pair, ID, key);
    }

    private static IncomingStep answer(DomainPair pair, Verdict verdict) {
        return new IncomingStep.Answer(new Dialback.AuthorizationAnswer(pair, verdict));
    }

    private static IncomingStep error(DomainPair pair, DialbackCondition condition) {
        return answer(pair, new Verdict.Failed(condition));
    }

    private void verify(DomainPair pair) {
        request(pair, "key");
        assertThat(dialback.verified(question(pair, "key"), Verification.VALID))
                .containsExactly(answer(pair, Verdict.VALID));
    }

    @Test
    void aPairIsVerifiedWhenItsKeyIs() {
        assertThat(request(PAIR, "b483")).containsExactly(new IncomingStep.Verify(question(PAIR, "b483")));
        assertThat(dialback.isVerified(PAIR)).isFalse();

        assertThat(dialback.verified(question(PAIR, "b483"), Verification.VALID))
                .containsExactly(answer(PAIR, Verdict.VALID));
        assertThat(dialback.isVerified(PAIR)).isTrue();
        assertThat(dialback.isVerified(PAIR.reversed())).isFalse();
        assertThat(dialback.isVerified(CHAT)).isFalse();
    }

    /// XEP-0220 section 2.6: senders and targets, at the same time.
    @Test
    void aStreamCarriesSeveralPairs() {
        for (DomainPair pair : List.of(PAIR, ROOMS, CHAT)) {
            assertThat(request(pair, pair.sender())).hasOnlyElementsOfType(IncomingStep.Verify.class);
        }
        assertThat(dialback.verified(question(CHAT, CHAT.sender()), Verification.VALID))
                .containsExactly(answer(CHAT, Verdict.VALID));
        assertThat(dialback.verified(question(PAIR, PAIR.sender()), Verification.VALID))
                .containsExactly(answer(PAIR, Verdict.VALID));
        assertThat(dialback.verified()).containsExactlyInAnyOrder(PAIR, CHAT);
    }

    @Test
    void anInvalidKeyEndsAStreamThatHasNothingElse() {
        request(PAIR, "wrong");
        request(ROOMS, "right");

        assertThat(dialback.verified(question(PAIR, "wrong"), Verification.INVALID))
                .containsExactly(answer(PAIR, Verdict.INVALID), new IncomingStep.End(null));
        assertThat(dialback.verified(question(ROOMS, "right"), Verification.VALID))
                .hasOnlyElementsOfType(IncomingStep.Drop.class);
        assertThat(request(PAIR, "right")).hasOnlyElementsOfType(IncomingStep.Drop.class);
        assertThat(dialback.verified()).isEmpty();
    }

    @Test
    void anInvalidKeyIsAnErrorBesideOtherPairs() {
        verify(PAIR);
        request(ROOMS, "wrong");

        assertThat(dialback.verified(question(ROOMS, "wrong"), Verification.INVALID))
                .containsExactly(error(ROOMS, DialbackCondition.FORBIDDEN));
        assertThat(dialback.verified()).containsExactly(PAIR);
    }

    /// XEP-0220 sections 2.4.2 and 2.5.
    @ParameterizedTest
    @CsvSource({
        "ERROR, REMOTE_SERVER_NOT_FOUND",
        "NO_SERVER, REMOTE_SERVER_NOT_FOUND",
        "HOST_UNKNOWN, REMOTE_SERVER_NOT_FOUND",
        "NO_CONNECTION, REMOTE_CONNECTION_FAILED",
        "CLOSED, REMOTE_SERVER_TIMEOUT",
        "SILENT, REMOTE_SERVER_TIMEOUT",
        "NOT_TRUSTED, NOT_ACCEPTABLE",
        "OVERLOADED, RESOURCE_CONSTRAINT"
    })
    void whatIsNotFoundOutIsAnErrorAndMayBeTriedAgain(Verification outcome, DialbackCondition condition) {
        request(PAIR, "b483");

        assertThat(dialback.verified(question(PAIR, "b483"), outcome)).containsExactly(error(PAIR, condition));
        assertThat(dialback.isVerified(PAIR)).isFalse();
        assertThat(request(PAIR, "b483")).containsExactly(new IncomingStep.Verify(question(PAIR, "b483")));
    }

    @ParameterizedTest
    @CsvSource({"BLOCKED, POLICY_VIOLATION", "TLS_MISSING, POLICY_VIOLATION", "PROOF_MISSING, NOT_AUTHORIZED"})
    void whoMayNotIsNotAskedAbout(Standing reason, DialbackCondition condition) {
        standing = reason;

        assertThat(request(PAIR, "b483")).containsExactly(error(PAIR, condition));
        assertThat(dialback.verified(question(PAIR, "b483"), Verification.VALID))
                .hasOnlyElementsOfType(IncomingStep.Drop.class);
        assertThat(dialback.verified()).isEmpty();
    }

    @Test
    void whoHasProvedItselfIsNotAskedAbout() {
        standing = Standing.PROVEN;

        assertThat(request(PAIR, "")).containsExactly(answer(PAIR, Verdict.VALID));
        assertThat(dialback.verified()).containsExactly(PAIR);
    }

    @Test
    void aDomainThatIsNotHereIsNotFound() {
        DomainPair pair = new DomainPair("capulet.example", "verona.example");
        standing = Standing.PROVEN;

        assertThat(request(pair, "b483")).containsExactly(error(pair, DialbackCondition.ITEM_NOT_FOUND));
    }

    @Test
    void nobodyComesFromOutsideAndIsOneOfUs() {
        DomainPair pair = new DomainPair("chat.montague.example", "montague.example");
        standing = Standing.PROVEN;

        assertThat(request(pair, "b483")).containsExactly(error(pair, DialbackCondition.NOT_ACCEPTABLE));
    }

    @Test
    void aKeyThatIsNoneIsNotPassedOn() {
        for (String key : List.of("", "x".repeat(513))) {
            assertThat(request(PAIR, key)).containsExactly(error(PAIR, DialbackCondition.NOT_ACCEPTABLE));
        }
        assertThat(request(PAIR, "x".repeat(512))).hasOnlyElementsOfType(IncomingStep.Verify.class);
    }

    @Test
    void aSecondKeyForAPairThatIsBeingVerifiedIsDropped() {
        request(PAIR, "wrong");

        assertThat(request(PAIR, "wrong")).hasOnlyElementsOfType(IncomingStep.Drop.class);
        assertThat(request(PAIR, "right")).hasOnlyElementsOfType(IncomingStep.Drop.class);
        assertThat(dialback.verified(question(PAIR, "right"), Verification.VALID))
                .hasOnlyElementsOfType(IncomingStep.Drop.class);
        assertThat(dialback.isVerified(PAIR)).isFalse();
    }

    @Test
    void aVerifiedPairStaysSo() {
        verify(PAIR);

        assertThat(request(PAIR, "whatever")).containsExactly(answer(PAIR, Verdict.VALID));
        assertThat(dialback.isVerified(PAIR)).isTrue();
    }

    @Test
    void whatSaslHasAuthorizedNeedsNoKey() {
        dialback.grant(PAIR);

        assertThat(request(PAIR, "whatever")).containsExactly(answer(PAIR, Verdict.VALID));
        request(ROOMS, "wrong");
        assertThat(dialback.verified(question(ROOMS, "wrong"), Verification.INVALID))
                .containsExactly(error(ROOMS, DialbackCondition.FORBIDDEN));
    }

    /// XEP-0220 section 3.1.
    @Test
    void answersThatNobodyWaitsForAreDropped() {
        assertThat(dialback.verified(question(PAIR, "b483"), Verification.VALID))
                .hasOnlyElementsOfType(IncomingStep.Drop.class);
        request(PAIR, "b483");

        assertThat(dialback.verified(question(PAIR, "b484"), Verification.VALID))
                .hasOnlyElementsOfType(IncomingStep.Drop.class);
        assertThat(dialback.verified(question(ROOMS, "b483"), Verification.VALID))
                .hasOnlyElementsOfType(IncomingStep.Drop.class);
        assertThat(dialback.verified(new Dialback.VerificationRequest(PAIR, "another", "b483"), Verification.VALID))
                .hasOnlyElementsOfType(IncomingStep.Drop.class);
        assertThat(dialback.verified()).isEmpty();
        assertThat(dialback.verified(question(PAIR, "b483"), Verification.VALID))
                .containsExactly(answer(PAIR, Verdict.VALID));
    }

    @Test
    void onlySoManyPairsAreVerifiedAtATime() {
        dialback = with(new DialbackLimits(100, 2, 100, 100));
        request(PAIR, "key");
        request(ROOMS, "key");

        assertThat(request(CHAT, "key")).containsExactly(error(CHAT, DialbackCondition.RESOURCE_CONSTRAINT));
        dialback.verified(question(PAIR, "key"), Verification.SILENT);
        assertThat(request(CHAT, "key")).hasOnlyElementsOfType(IncomingStep.Verify.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"PROVEN", "MAY_DIAL_BACK"})
    void onlySoManyPairsAreCarried(Standing next) {
        dialback = with(new DialbackLimits(2, 100, 100, 100));
        verify(PAIR);
        request(ROOMS, "key");
        standing = next;

        assertThat(request(CHAT, "key")).containsExactly(error(CHAT, DialbackCondition.RESOURCE_CONSTRAINT));
        assertThat(request(PAIR, "key")).containsExactly(answer(PAIR, Verdict.VALID));
    }

    @Test
    void aFloodOfDomainsEndsTheStream() {
        dialback = with(new DialbackLimits(100, 100, 3, 100));
        DomainPair unknown = new DomainPair("capulet.example", "nowhere.example");
        verify(PAIR);

        assertThat(request(unknown, "key")).containsExactly(error(unknown, DialbackCondition.ITEM_NOT_FOUND));
        request(ROOMS, "key");
        assertThat(dialback.verified(question(ROOMS, "key"), Verification.NO_CONNECTION))
                .containsExactly(error(ROOMS, DialbackCondition.REMOTE_CONNECTION_FAILED));
        assertThat(request(unknown, "key"))
                .startsWith(error(unknown, DialbackCondition.ITEM_NOT_FOUND))
                .last()
                .isInstanceOfSatisfying(
                        IncomingStep.End.class,
                        end -> assertThat(end.error().condition()).isEqualTo(StreamError.Condition.POLICY_VIOLATION));
        assertThat(request(CHAT, "key")).hasOnlyElementsOfType(IncomingStep.Drop.class);
    }
}
