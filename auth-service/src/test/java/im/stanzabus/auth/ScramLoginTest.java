package im.stanzabus.auth;

import static im.stanzabus.auth.LoginClient.bytes;
import static im.stanzabus.auth.LoginClient.outcome;
import static im.stanzabus.auth.LoginClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.ongres.scram.client.ScramClient;
import im.stanzabus.bus.api.AuthRequest.ChangePassword;
import im.stanzabus.bus.api.AuthRequest.ChannelBinding;
import im.stanzabus.bus.api.AuthRequest.RemoveAccount;
import im.stanzabus.bus.api.AuthRequest.SaslChannel;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.SaslReply;
import im.stanzabus.stanza.Jid;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// SCRAM over the bus with a real database, against an independent client (RFC 5802, RFC 7677, RFC 9266).
class ScramLoginTest {
    private static final String PASSWORD = "the pencil of Juliet";
    private static AuthServer server;
    private static Jid juliet;

    @BeforeAll
    static void start() {
        server = new AuthServer("throttle: {per-account-and-address: 1000, per-address: 10000, per-account: 10000}");
        juliet = server.newAccount(AuthServer.HOST, PASSWORD);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static LoginClient bound() {
        return LoginClient.secure(server, "192.0.2.1");
    }

    private static LoginClient unbound() {
        return LoginClient.unbound(server, "192.0.2.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCRAM-SHA-512-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS"})
    void logsInBoundToTheChannel(String mechanism) {
        double before = server.logins(mechanism, "success");

        assertThat(bound().scram(mechanism, juliet, PASSWORD))
                .isInstanceOfSatisfying(
                        SaslReply.Success.class,
                        success -> assertThat(success.account()).isEqualTo(juliet));

        assertThat(server.logins(mechanism, "success")).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1"})
    void logsInWithoutBinding(String mechanism) {
        assertThat(outcome(unbound().scram(mechanism, juliet, PASSWORD))).isEqualTo("success");
        assertThat(outcome(bound().scram(mechanism, juliet, PASSWORD))).isEqualTo("success");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1"})
    void refusesAWrongPassword(String mechanism) {
        assertThat(outcome(unbound().scram(mechanism, juliet, "another"))).isEqualTo("not-authorized");
        assertThat(server.logins(mechanism, "not-authorized")).isPositive();
    }

    @Test
    void acceptsTheOtherBindingType() {
        ScramClient client = LoginClient.builder("SCRAM-SHA-256-PLUS", juliet, PASSWORD)
                .channelBinding(LoginClient.END_POINT.type(), LoginClient.END_POINT.data())
                .build();

        assertThat(outcome(bound().exchange(client, "SCRAM-SHA-256-PLUS", juliet.domain())))
                .isEqualTo("success");
    }

    @Test
    void refusesABindingToAnotherChannel() {
        ScramClient client = LoginClient.builder("SCRAM-SHA-256-PLUS", juliet, PASSWORD)
                .channelBinding("tls-exporter", new byte[] {9, 9, 9})
                .build();

        assertThat(outcome(bound().exchange(client, "SCRAM-SHA-256-PLUS", juliet.domain())))
                .isEqualTo("not-authorized");
    }

    @Test
    void refusesABindingTypeThatTheStreamDoesNotHave() {
        ScramClient client = LoginClient.builder("SCRAM-SHA-256-PLUS", juliet, PASSWORD)
                .channelBinding("tls-unique", new byte[] {1})
                .build();
        LoginClient withUnique = new LoginClient(
                server,
                new SaslChannel(
                        "192.0.2.1",
                        true,
                        List.of(LoginClient.EXPORTER, new ChannelBinding("tls-unique", new byte[] {1})),
                        List.of()));

        assertThat(outcome(withUnique.exchange(client, "SCRAM-SHA-256-PLUS", juliet.domain())))
                .isEqualTo("not-authorized");
    }

    @Test
    void refusesPlusWithoutAnyBinding() {
        assertThat(outcome(unbound().scram("SCRAM-SHA-256-PLUS", juliet, PASSWORD)))
                .isEqualTo("invalid-mechanism");
    }

    @Test
    void itsNoncesAreUnderstoodByClientsThatSplitAtQuotationMarks() {
        Set<String> challenges = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            SaslReply first = bound().first(juliet, "SCRAM-SHA-256", "n,,n=" + juliet.local() + ",r=abc");
            assertThat(first).isInstanceOf(SaslReply.Challenge.class);
            challenges.add(text(((SaslReply.Challenge) first).data()));
        }
        assertThat(challenges).hasSize(50).allMatch(challenge -> challenge.matches("r=abc[A-Za-z0-9_-]{24},s=.*"));
    }

    @Test
    void detectsThatTheOfferOfBindingWasRemoved() {
        // The client could bind, saw no -PLUS and says so by `y` (RFC 5802 section 6).
        ScramClient.FinalBuildStage deceived = LoginClient.builder("SCRAM-SHA-256", juliet, PASSWORD)
                .channelBinding("tls-exporter", LoginClient.EXPORTER.data());

        assertThat(deceived.build().clientFirstMessage().toString()).startsWith("y,");
        assertThat(outcome(bound().exchange(deceived.build(), "SCRAM-SHA-256", juliet.domain())))
                .isEqualTo("not-authorized");
        assertThat(outcome(unbound().exchange(deceived.build(), "SCRAM-SHA-256", juliet.domain())))
                .isEqualTo("success");
    }

    @ParameterizedTest
    @CsvSource({
        "SCRAM-SHA-256-PLUS, 'n,,n=user,r=abc', malformed-request",
        "SCRAM-SHA-256-PLUS, 'y,,n=user,r=abc', malformed-request",
        "SCRAM-SHA-256, 'p=tls-exporter,,n=user,r=abc', malformed-request",
        "SCRAM-SHA-256, 'p=,,n=user,r=abc', malformed-request",
        "SCRAM-SHA-256, 'p=tls exporter,,n=user,r=abc', malformed-request",
        "SCRAM-SHA-256, 'x,,n=user,r=abc', malformed-request",
        "SCRAM-SHA-256, 'n,b=c,n=user,r=abc', malformed-request",
        "SCRAM-SHA-256, 'n,a=,n=user,r=abc', malformed-request",
        "SCRAM-SHA-256, 'n,,n=,r=abc', malformed-request",
        "SCRAM-SHA-256, 'n,,n=us=er,r=abc', malformed-request",
        "SCRAM-SHA-256, 'n,,n=us=2cer,r=abc', malformed-request",
        "SCRAM-SHA-256, 'n,,n=user', malformed-request",
        "SCRAM-SHA-256, 'n,,r=abc,n=user', malformed-request",
        "SCRAM-SHA-256, 'n,,n=user,r=', malformed-request",
        "SCRAM-SHA-256, 'n,,n=user,r=a b', malformed-request",
        "SCRAM-SHA-256, 'n,,m=x,n=user,r=abc', malformed-request",
        "SCRAM-SHA-256, 'n,,n=user,r=abc,m=x', malformed-request",
        "SCRAM-SHA-256, 'n,,n=user,r=abc,', malformed-request",
        "SCRAM-SHA-256, 'n,,n=user,r=abc,e', malformed-request",
        "SCRAM-SHA-256, 'n,', malformed-request",
        "SCRAM-SHA-256, 'n', malformed-request",
        "SCRAM-SHA-256, '', malformed-request",
        "SCRAM-SHA-256, 'n,a=romeo@example.org,n=user,r=abc', invalid-authzid",
        "SCRAM-SHA-256, 'n,a=user@guests.example.org,n=user,r=abc', invalid-authzid",
        "SCRAM-SHA-256, 'n,a=user@example.org/balcony,n=user,r=abc', invalid-authzid",
        "SCRAM-SHA-256, 'n,a=@,n=user,r=abc', invalid-authzid",
        "SCRAM-SHA-256, 'n,a=user@example.org,n=user,r=abc', challenge",
        "SCRAM-SHA-256, 'n,,n=user,r=abc,e=extension', challenge",
        "SCRAM-SHA-256, 'n,,n=us@er,r=abc', not-authorized",
        "SCRAM-SHA-256, 'n,,n=us=2Cer,r=abc', challenge",
        "SCRAM-MD5, 'n,,n=user,r=abc', invalid-mechanism",
        "DIGEST-MD5, '', invalid-mechanism",
    })
    void answersFirstMessages(String mechanism, String message, String outcome) {
        assertThat(outcome(bound().first(juliet, mechanism, message))).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({
        "'c=biws,r=NONCE,p=AAAA', malformed-request",
        "'c=biws,r=NONCE', malformed-request",
        "'c=biws,p=PROOF,r=NONCE', malformed-request",
        "'c=biws,r=NONCE,p=***', malformed-request",
        "'c=***,r=NONCE,p=PROOF', malformed-request",
        "'c=,r=NONCE,p=PROOF', malformed-request",
        "'c=biws,r=otherNONCE,p=PROOF', malformed-request",
        "'c=biws,r=abc,p=PROOF', malformed-request",
        "'c=biws,r=NONCE,m=x,p=PROOF', malformed-request",
        "'c=biws,r=NONCE,p=PROOF,e=x', malformed-request",
        "'', malformed-request",
        "'c=biws,r=NONCE,p=PROOF', not-authorized",
        "'c=biws,r=NONCE,e=x,p=PROOF', not-authorized",
        "'c=eSws,r=NONCE,p=PROOF', not-authorized",
    })
    void answersFinalMessages(String message, String outcome) {
        SaslReply.Challenge challenge =
                (SaslReply.Challenge) bound().first(juliet, "SCRAM-SHA-256", "n,,n=" + juliet.local() + ",r=abc");
        String challengeText = text(challenge.data());
        String nonce = challengeText.substring(2, challengeText.indexOf(','));
        String proof = Base64.getEncoder().encodeToString(new byte[32]);

        assertThat(outcome(bound().step(
                                juliet.domain(),
                                "SCRAM-SHA-256",
                                bytes(message.replace("NONCE", nonce).replace("PROOF", proof)),
                                challenge.state())))
                .isEqualTo(outcome);
    }

    @Test
    void asksForTheInitialResponseThatWasLeftOut() {
        SaslReply.Challenge empty = (SaslReply.Challenge) unbound().step(juliet.domain(), "SCRAM-SHA-256", null, null);
        assertThat(empty.data()).isEmpty();
        ScramClient client =
                LoginClient.builder("SCRAM-SHA-256", juliet, PASSWORD).build();

        SaslReply.Challenge challenge = (SaslReply.Challenge) unbound()
                .step(
                        juliet.domain(),
                        "SCRAM-SHA-256",
                        bytes(client.clientFirstMessage().toString()),
                        empty.state());

        assertThat(outcome(unbound().finish(client, "SCRAM-SHA-256", juliet.domain(), challenge)))
                .isEqualTo("success");
    }

    @Test
    void stateIsGoodForItsHostAndMechanismOnly() {
        ScramClient client =
                LoginClient.builder("SCRAM-SHA-256", juliet, PASSWORD).build();
        SaslReply.Challenge challenge = (SaslReply.Challenge) unbound()
                .first(juliet, "SCRAM-SHA-256", client.clientFirstMessage().toString());

        assertThat(outcome(unbound().step("open.example.org", "SCRAM-SHA-256", bytes("x"), challenge.state())))
                .isEqualTo("malformed-request");
        assertThat(outcome(unbound().step(juliet.domain(), "SCRAM-SHA-512", bytes("x"), challenge.state())))
                .isEqualTo("malformed-request");
        byte[] changed = challenge.state().clone();
        changed[changed.length / 2] ^= 1;
        assertThat(outcome(unbound().step(juliet.domain(), "SCRAM-SHA-256", bytes("x"), changed)))
                .isEqualTo("malformed-request");
        assertThat(outcome(unbound().finish(client, "SCRAM-SHA-256", juliet.domain(), challenge)))
                .isEqualTo("success");
    }

    @Test
    void stateHidesTheKeysAndGrowsOld() {
        ScramClient client =
                LoginClient.builder("SCRAM-SHA-256", juliet, PASSWORD).build();
        SaslReply.Challenge challenge = (SaslReply.Challenge) unbound()
                .first(juliet, "SCRAM-SHA-256", client.clientFirstMessage().toString());
        assertThat(text(challenge.state())).doesNotContain(juliet.local());

        server.now.updateAndGet(time -> time.plus(Duration.ofMinutes(3)));

        assertThat(outcome(unbound().finish(client, "SCRAM-SHA-256", juliet.domain(), challenge)))
                .isEqualTo("temporary-auth-failure");
    }

    @Test
    void anotherInstanceGoesOn() {
        ScramClient client =
                LoginClient.builder("SCRAM-SHA-256", juliet, PASSWORD).build();
        SaslReply.Challenge challenge = (SaslReply.Challenge) unbound()
                .first(juliet, "SCRAM-SHA-256", client.clientFirstMessage().toString());

        server.stop();
        server.start();

        assertThat(outcome(unbound().finish(client, "SCRAM-SHA-256", juliet.domain(), challenge)))
                .isEqualTo("success");
    }

    @Test
    void loginThatBeganBeforeANewPasswordFails() {
        Jid account = server.newAccount(AuthServer.HOST, PASSWORD);
        ScramClient client =
                LoginClient.builder("SCRAM-SHA-256", account, PASSWORD).build();
        SaslReply.Challenge challenge = (SaslReply.Challenge) unbound()
                .first(account, "SCRAM-SHA-256", client.clientFirstMessage().toString());

        server.ask(new ChangePassword(account, "new"), Done.class);

        assertThat(outcome(unbound().finish(client, "SCRAM-SHA-256", account.domain(), challenge)))
                .isEqualTo("not-authorized");
        assertThat(outcome(unbound().scram("SCRAM-SHA-256", account, "new"))).isEqualTo("success");
    }

    @Test
    void loginThatBeganBeforeTheRemovalFails() {
        Jid account = server.newAccount(AuthServer.HOST, PASSWORD);
        ScramClient client =
                LoginClient.builder("SCRAM-SHA-256", account, PASSWORD).build();
        SaslReply.Challenge challenge = (SaslReply.Challenge) unbound()
                .first(account, "SCRAM-SHA-256", client.clientFirstMessage().toString());

        server.ask(new RemoveAccount(account), Done.class);

        assertThat(outcome(unbound().finish(client, "SCRAM-SHA-256", account.domain(), challenge)))
                .isEqualTo("not-authorized");
    }

    @Test
    void nameIsPreparedBeforeItIsLookedUp() {
        Jid upper = Jid.of(juliet.toString());
        ScramClient client = ScramClient.builder()
                .advertisedMechanisms(List.of("SCRAM-SHA-256"))
                .username(upper.local().toUpperCase(java.util.Locale.ROOT))
                .password(PASSWORD.toCharArray())
                .build();

        assertThat(unbound().exchange(client, "SCRAM-SHA-256", juliet.domain()))
                .isInstanceOfSatisfying(
                        SaslReply.Success.class,
                        success -> assertThat(success.account()).isEqualTo(juliet));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pässwörd", "a b\u00A0c", "\uFB01ne \u2163", "\uD83D\uDE00 smile"})
    void takesPasswordsInAnyScript(String password) {
        Jid account = server.newAccount(AuthServer.HOST, password);

        assertThat(outcome(unbound().plain(account, password))).isEqualTo("success");
        // SASLprep stopped before these existed; a client with its tables cannot use them at all.
        if (!password.contains("\uD83D\uDE00")) {
            assertThat(outcome(unbound().scram("SCRAM-SHA-256", account, password)))
                    .isEqualTo("success");
        }
    }
}
