package im.stanzabus.s2s.stream;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.s2s.stream.ExternalNegotiation.Initiator;
import im.stanzabus.s2s.stream.ExternalNegotiation.Outcome;
import im.stanzabus.s2s.stream.ExternalNegotiation.Receiver;
import im.stanzabus.s2s.stream.ExternalNegotiation.Step;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ExternalNegotiationTest {
    private static final String DOMAIN = "conference.example.org";

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "EXTERNAL,             true,  true,  Auth",
        "EXTERNAL,             true,  false, Auth",
        "EXTERNAL SCRAM-SHA-1, true,  true,  Auth",
        "EXTERNAL,             false, true,  Dialback",
        "EXTERNAL,             false, false, GiveUp",
        "SCRAM-SHA-1,          true,  true,  Dialback",
        "'',                   true,  true,  Dialback",
        "'',                   true,  false, GiveUp"
    })
    void whoHasACertificateAndIsOfferedExternalUsesIt(
            String mechanisms, boolean certified, boolean dialback, String expected) {
        Step step = new Initiator(DOMAIN, certified, dialback).begin(List.of(mechanisms.split(" ")));

        assertThat(step.getClass().getSimpleName()).isEqualTo(expected);
    }

    @Test
    void theIdentityIsNamedForThoseWhoRelyOnIt() {
        assertThat(new Initiator(DOMAIN, true, false).begin(Set.of("EXTERNAL")))
                .isEqualTo(new Step.Auth("Y29uZmVyZW5jZS5leGFtcGxlLm9yZw=="));
        assertThat(new Initiator("m\u00fcnchen.example", true, false).begin(Set.of("EXTERNAL")))
                .isEqualTo(new Step.Auth("bcO8bmNoZW4uZXhhbXBsZQ=="));
    }

    @Test
    void whoDoesNotLikeTheIdentityIsNotToldIt() {
        Initiator initiator = new Initiator(DOMAIN, true, true);
        initiator.begin(Set.of("EXTERNAL"));

        assertThat(initiator.failed("invalid-authzid")).isEqualTo(new Step.Auth("="));
        assertThat(initiator.failed("invalid-authzid")).isEqualTo(new Step.Dialback());
    }

    @ParameterizedTest
    @CsvSource({"not-authorized", "temporary-auth-failure", "invalid-mechanism", "aborted", "something-new"})
    void afterAFailureDialbackMayFollow(String condition) {
        Initiator one = new Initiator(DOMAIN, true, true);
        one.begin(Set.of("EXTERNAL"));
        assertThat(one.failed(condition)).isEqualTo(new Step.Dialback());

        Initiator other = new Initiator(DOMAIN, true, false);
        other.begin(Set.of("EXTERNAL"));
        assertThat(other.failed(condition))
                .isEqualTo(new Step.GiveUp("the peer does not accept the certificate: " + condition));
    }

    /// A certificate for two domains, by policies that let them use it.
    private static Receiver receiver(@Nullable String from, boolean dialback) {
        return new Receiver(from, Set.of(DOMAIN, "example.org")::contains, dialback);
    }

    @ParameterizedTest
    @CsvSource(
            value = {"conference.example.org, true", "example.org, true", "example.com, false", "NULL, false"},
            nullValues = "NULL")
    void externalIsOfferedToWhomItWouldSucceedFor(@Nullable String from, boolean offered) {
        assertThat(receiver(from, true).offers()).isEqualTo(offered);
    }

    static List<String[]> responses() {
        return List.of(
                new String[] {"=", "success"},
                new String[] {base64(DOMAIN), "success"},
                new String[] {" " + base64(DOMAIN) + "\n", "success"},
                new String[] {base64("Conference.Example.ORG."), "success"},
                new String[] {base64("example.org"), "invalid-authzid"},
                new String[] {base64("evil.example"), "invalid-authzid"},
                new String[] {base64("romeo@" + DOMAIN), "invalid-authzid"},
                new String[] {base64(DOMAIN + "/x"), "invalid-authzid"},
                new String[] {base64(DOMAIN + "\0evil.example"), "invalid-authzid"},
                new String[] {base64("\0"), "invalid-authzid"},
                new String[] {Base64.getEncoder().encodeToString(new byte[] {(byte) 0xff, 'a'}), "invalid-authzid"},
                new String[] {"not base64", "incorrect-encoding"},
                new String[] {"Y", "incorrect-encoding"},
                new String[] {"==", "incorrect-encoding"});
    }

    private static Outcome outcome(String name) {
        return name.equals("success") ? new Outcome.Success(DOMAIN) : new Outcome.Failure(name, false);
    }

    @ParameterizedTest
    @MethodSource("responses")
    void theIdentityIsTheStreams(String text, String expected) {
        assertThat(receiver(DOMAIN, true).auth("EXTERNAL", text)).isEqualTo(outcome(expected));
    }

    @ParameterizedTest
    @MethodSource("responses")
    void theIdentityMayFollowAChallenge(String text, String expected) {
        Receiver receiver = receiver(DOMAIN, true);

        assertThat(receiver.auth("EXTERNAL", "")).isEqualTo(new Outcome.Challenge());
        assertThat(receiver.response(text)).isEqualTo(outcome(expected));
    }

    @Test
    void anEmptyResponseNamesNobody() {
        Receiver receiver = receiver(DOMAIN, true);
        receiver.auth("EXTERNAL", "");

        assertThat(receiver.response("")).isEqualTo(new Outcome.Success(DOMAIN));
    }

    /// Whatever identity it names: the certificate does not prove the stream's domain.
    @ParameterizedTest
    @CsvSource(
            value = {"example.com", "NULL"},
            nullValues = "NULL")
    void whoIsNotOfferedExternalIsNotAuthorizedByIt(@Nullable String from) {
        for (String text : List.of("=", base64("example.com"), base64(DOMAIN))) {
            assertThat(receiver(from, true).auth("EXTERNAL", text))
                    .isEqualTo(new Outcome.Failure("not-authorized", false));
            assertThat(receiver(from, false).auth("EXTERNAL", text))
                    .isEqualTo(new Outcome.Failure("not-authorized", true));
        }
    }

    @Test
    void anotherMechanismIsNone() {
        assertThat(receiver(DOMAIN, true).auth("PLAIN", "="))
                .isEqualTo(new Outcome.Failure("invalid-mechanism", false));
        assertThat(receiver(DOMAIN, true).auth(null, "=")).isEqualTo(new Outcome.Failure("invalid-mechanism", false));
    }

    @Test
    void whatDoesNotFitTheExchangeIsMalformed() {
        Receiver receiver = receiver(DOMAIN, true);

        assertThat(receiver.response("=")).isEqualTo(new Outcome.Failure("malformed-request", false));
        receiver.auth("EXTERNAL", "");
        assertThat(receiver.auth("EXTERNAL", "=")).isEqualTo(new Outcome.Failure("malformed-request", false));
    }

    @Test
    void anExchangeMayBeAbortedAndBegunAgain() {
        Receiver receiver = receiver(DOMAIN, false);
        receiver.auth("EXTERNAL", "");

        assertThat(receiver.abort()).isEqualTo(new Outcome.Failure("aborted", false));
        assertThat(receiver.auth("EXTERNAL", "=")).isEqualTo(new Outcome.Success(DOMAIN));
    }

    @Test
    void nobodyTriesForEver() {
        Receiver receiver = receiver(DOMAIN, true);

        assertThat(receiver.auth("EXTERNAL", "?")).isEqualTo(new Outcome.Failure("incorrect-encoding", false));
        assertThat(receiver.auth("EXTERNAL", "?")).isEqualTo(new Outcome.Failure("incorrect-encoding", false));
        assertThat(receiver.auth("EXTERNAL", "?")).isEqualTo(new Outcome.Failure("incorrect-encoding", true));
    }
}
