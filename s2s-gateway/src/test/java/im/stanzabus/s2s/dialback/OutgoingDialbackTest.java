package im.stanzabus.s2s.dialback;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StreamError;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// A server at capulet.example asks one at montague.example.
class OutgoingDialbackTest {
    private static final String ID = "D60000229F";
    private static final DialbackKey KEY = new DialbackKey("s3cr3tf0rd14lb4ck".getBytes(StandardCharsets.UTF_8));
    private static final DomainPair PAIR = new DomainPair("capulet.example", "montague.example");
    private static final DomainPair ROOMS = new DomainPair("rooms.capulet.example", "montague.example");
    private static final DomainPair CHAT = new DomainPair("capulet.example", "chat.montague.example");

    /// A key that came on another stream and is to be verified on this one.
    private static final Dialback.VerificationRequest QUESTION =
            new Dialback.VerificationRequest(PAIR.reversed(), "417GAF25", "225c");

    private OutgoingDialback dialback = with(true, DialbackLimits.DEFAULT);

    private static OutgoingDialback with(boolean errors, DialbackLimits limits) {
        return new OutgoingDialback(ID, KEY, errors, limits);
    }

    private List<OutgoingStep> answered(DomainPair pair, Verdict verdict) {
        return dialback.received(new Dialback.AuthorizationAnswer(pair, verdict));
    }

    private static Verdict failed(DialbackCondition condition) {
        return new Verdict.Failed(condition);
    }

    private void authorized(DomainPair pair) {
        dialback.authorize(pair);
        assertThat(answered(pair, Verdict.VALID)).containsExactly(new OutgoingStep.Authorized(pair));
    }

    private static OutgoingStep verified(Verification outcome) {
        return new OutgoingStep.Verified(QUESTION, outcome);
    }

    private static Dialback.VerificationRequest withKey(String key) {
        return new Dialback.VerificationRequest(QUESTION.pair(), QUESTION.id(), key);
    }

    /// The example of XEP-0220 section 2.1.1.
    @Test
    void aPairIsAskedForWithItsKey() {
        assertThat(dialback.authorize(PAIR))
                .containsExactly(new OutgoingStep.Send(new Dialback.AuthorizationRequest(
                        PAIR, "b4835385f37fe2895af6c196b59097b16862406db80559900d96bf6fa7d23df3")));
        assertThat(dialback.authorize(PAIR)).isEmpty();
        assertThat(dialback.isVerified(PAIR)).isFalse();

        assertThat(answered(PAIR, Verdict.VALID)).containsExactly(new OutgoingStep.Authorized(PAIR));
        assertThat(dialback.isVerified(PAIR)).isTrue();
        assertThat(dialback.authorize(PAIR)).isEmpty();
    }

    @Test
    void severalPairsGoOverAStreamWhosePeerKnowsErrors() {
        authorized(PAIR);
        for (DomainPair pair : List.of(ROOMS, CHAT)) {
            assertThat(dialback.hasPlace(pair)).isTrue();
            assertThat(dialback.authorize(pair)).hasOnlyElementsOfType(OutgoingStep.Send.class);
        }
        assertThat(answered(CHAT, failed(DialbackCondition.ITEM_NOT_FOUND)))
                .containsExactly(
                        new OutgoingStep.Refused(CHAT, Condition.REMOTE_SERVER_TIMEOUT, false, "item-not-found"));
        assertThat(dialback.isVerified(PAIR)).isTrue();
        assertThat(answered(ROOMS, Verdict.VALID)).containsExactly(new OutgoingStep.Authorized(ROOMS));
    }

    @Test
    void onePairGoesOverAStreamWhosePeerDoesNotKnowErrors() {
        dialback = with(false, DialbackLimits.DEFAULT);
        assertThat(dialback.hasPlace(PAIR)).isTrue();
        dialback.authorize(PAIR);

        assertThat(dialback.hasPlace(PAIR)).isTrue();
        assertThat(dialback.hasPlace(ROOMS)).isFalse();
        assertThat(dialback.authorize(ROOMS))
                .singleElement()
                .isInstanceOfSatisfying(OutgoingStep.Refused.class, refused -> {
                    assertThat(refused.pair()).isEqualTo(ROOMS);
                    assertThat(refused.elsewhere()).isTrue();
                });
        answered(PAIR, failed(DialbackCondition.REMOTE_SERVER_TIMEOUT));
        assertThat(dialback.hasPlace(ROOMS)).isFalse();
    }

    @Test
    void whatSaslHasAuthorizedIsNotAskedFor() {
        dialback = with(false, DialbackLimits.DEFAULT);
        dialback.grant(PAIR);

        assertThat(dialback.isVerified(PAIR)).isTrue();
        assertThat(dialback.authorize(PAIR)).isEmpty();
        assertThat(dialback.hasPlace(ROOMS)).isFalse();
    }

    @Test
    void aStreamIsFullAtSomeTime() {
        dialback = with(true, new DialbackLimits(2, 9, 9, 9));
        authorized(PAIR);
        dialback.authorize(ROOMS);

        assertThat(dialback.hasPlace(CHAT)).isFalse();
        assertThat(dialback.hasPlace(ROOMS)).isTrue();
    }

    @Test
    void anInvalidKeyReturnsStanzasAndTheStreamIsLeft() {
        authorized(PAIR);
        dialback.authorize(ROOMS);

        assertThat(answered(ROOMS, Verdict.INVALID))
                .containsExactly(
                        new OutgoingStep.Refused(
                                ROOMS, Condition.INTERNAL_SERVER_ERROR, false, "the key was called invalid"),
                        new OutgoingStep.Leave());
        assertThat(dialback.isVerified(ROOMS)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void anErrorReturnsStanzasAndTheStreamGoesOn(DialbackCondition condition) {
        dialback.authorize(PAIR);

        assertThat(answered(PAIR, failed(condition)))
                .containsExactly(
                        new OutgoingStep.Refused(PAIR, Condition.REMOTE_SERVER_TIMEOUT, false, condition.wire()));
        assertThat(dialback.authorize(PAIR)).hasOnlyElementsOfType(OutgoingStep.Send.class);
    }

    /// XEP-0220 section 2.5: another connection, and then no more.
    @Test
    void aStreamWithoutRoomIsNotTheOnlyOne() {
        authorized(PAIR);
        dialback.authorize(ROOMS);

        assertThat(answered(ROOMS, failed(DialbackCondition.RESOURCE_CONSTRAINT)))
                .containsExactly(
                        new OutgoingStep.Refused(ROOMS, Condition.REMOTE_SERVER_TIMEOUT, true, "resource-constraint"));
    }

    /// XEP-0220 section 3.1: else the peer could make us send to it what is for others.
    @Test
    void authorizationsThatWereNotAskedForAreDropped() {
        dialback.authorize(PAIR);

        for (DomainPair pair : List.of(PAIR.reversed(), ROOMS, CHAT)) {
            assertThat(answered(pair, Verdict.VALID)).hasOnlyElementsOfType(OutgoingStep.Drop.class);
            assertThat(dialback.isVerified(pair)).isFalse();
        }
        answered(PAIR, Verdict.VALID);
        assertThat(answered(PAIR, Verdict.INVALID)).hasOnlyElementsOfType(OutgoingStep.Drop.class);
        assertThat(dialback.isVerified(PAIR)).isTrue();
    }

    @Test
    void anAuthorizationThatIsLateIsDropped() {
        Dialback.AuthorizationRequest request = new Dialback.AuthorizationRequest(PAIR, KEY.write(PAIR, ID));
        dialback.authorize(PAIR);

        assertThat(dialback.timedOut(request))
                .containsExactly(
                        new OutgoingStep.Refused(PAIR, Condition.REMOTE_SERVER_TIMEOUT, false, "no answer in time"));
        assertThat(dialback.timedOut(request)).isEmpty();
        assertThat(answered(PAIR, Verdict.VALID)).hasOnlyElementsOfType(OutgoingStep.Drop.class);
        assertThat(dialback.isVerified(PAIR)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"valid, VALID", "invalid, INVALID", "error, ERROR"})
    void aKeyIsVerified(String type, Verification outcome) {
        Verdict verdict = type.equals("error")
                ? failed(DialbackCondition.ITEM_NOT_FOUND)
                : type.equals("valid") ? Verdict.VALID : Verdict.INVALID;
        assertThat(dialback.verify(QUESTION)).containsExactly(new OutgoingStep.Send(QUESTION));

        assertThat(dialback.received(QUESTION.answer(verdict))).containsExactly(verified(outcome));
        assertThat(dialback.received(QUESTION.answer(verdict))).hasOnlyElementsOfType(OutgoingStep.Drop.class);
    }

    /// XEP-0220 section 3.1: else anybody could confirm his own key.
    @Test
    void verificationsThatWereNotAskedForAreDropped() {
        dialback.verify(QUESTION);

        assertThat(dialback.received(new Dialback.VerificationAnswer(PAIR, QUESTION.id(), Verdict.VALID)))
                .hasOnlyElementsOfType(OutgoingStep.Drop.class);
        assertThat(dialback.received(new Dialback.VerificationAnswer(QUESTION.pair(), "another", Verdict.VALID)))
                .hasOnlyElementsOfType(OutgoingStep.Drop.class);
        assertThat(dialback.received(QUESTION.answer(Verdict.VALID))).containsExactly(verified(Verification.VALID));
    }

    /// The answer has no key in it, so that of the first must not count for the second.
    @Test
    void aLateAnswerIsNotTakenForAnotherKeys() {
        dialback.verify(QUESTION);
        assertThat(dialback.timedOut(QUESTION)).containsExactly(verified(Verification.SILENT));
        assertThat(dialback.timedOut(QUESTION)).isEmpty();

        assertThat(dialback.verify(withKey("other")))
                .containsExactly(new OutgoingStep.Verified(withKey("other"), Verification.SILENT));
        assertThat(dialback.received(QUESTION.answer(Verdict.VALID))).hasOnlyElementsOfType(OutgoingStep.Drop.class);
        assertThat(dialback.verify(withKey("other"))).containsExactly(new OutgoingStep.Send(withKey("other")));
    }

    @Test
    void theSameQuestionAgainWaitsForTheSameAnswer() {
        dialback.verify(QUESTION);
        dialback.timedOut(QUESTION);

        assertThat(dialback.verify(QUESTION)).isEmpty();
        assertThat(dialback.received(QUESTION.answer(Verdict.INVALID))).containsExactly(verified(Verification.INVALID));
    }

    /// XEP-0288 section 2.2.
    @Test
    void whoHasSentAKeyDoesNotConfirmItOnTheSameStream() {
        Dialback.VerificationRequest own = new Dialback.VerificationRequest(PAIR.reversed(), ID, "225c");

        assertThat(dialback.verify(own)).containsExactly(new OutgoingStep.Verified(own, Verification.NOT_TRUSTED));
        assertThat(dialback.received(own.answer(Verdict.VALID))).hasOnlyElementsOfType(OutgoingStep.Drop.class);
    }

    @Test
    void onlySoManyQuestionsAreOpen() {
        dialback = with(true, new DialbackLimits(9, 9, 9, 1));
        dialback.verify(QUESTION);
        dialback.timedOut(QUESTION);
        Dialback.VerificationRequest second = new Dialback.VerificationRequest(QUESTION.pair(), "2", "225c");

        assertThat(dialback.verify(second)).containsExactly(new OutgoingStep.Verified(second, Verification.OVERLOADED));
        dialback.received(QUESTION.answer(Verdict.VALID));
        assertThat(dialback.verify(second)).containsExactly(new OutgoingStep.Send(second));
    }

    @Test
    void theEndOfTheStreamAnswersEverything() {
        authorized(CHAT);
        dialback.authorize(PAIR);
        dialback.verify(QUESTION);
        Dialback.VerificationRequest late = new Dialback.VerificationRequest(QUESTION.pair(), "2", "225c");
        dialback.verify(late);
        dialback.timedOut(late);

        assertThat(dialback.closed(Verification.CLOSED))
                .containsExactlyInAnyOrder(
                        new OutgoingStep.Refused(PAIR, Condition.REMOTE_SERVER_TIMEOUT, false, "the stream ended"),
                        verified(Verification.CLOSED));
        assertThat(dialback.isVerified(CHAT)).isFalse();
        assertThat(dialback.closed(Verification.CLOSED)).isEmpty();
    }

    @Test
    void theEndOfTheStreamSaysWhetherTheDomainIsThere() {
        Set<StreamError.Condition> unknown =
                Set.of(StreamError.Condition.HOST_UNKNOWN, StreamError.Condition.HOST_GONE);
        for (StreamError.Condition condition : StreamError.Condition.values()) {
            assertThat(Verification.of(condition))
                    .isEqualTo(unknown.contains(condition) ? Verification.HOST_UNKNOWN : Verification.CLOSED);
        }
        assertThat(Verification.of((StreamError.Condition) null)).isEqualTo(Verification.CLOSED);
    }
}
