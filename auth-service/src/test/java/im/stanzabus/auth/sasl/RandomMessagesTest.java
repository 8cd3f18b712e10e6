package im.stanzabus.auth.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.SaslReply;
import im.stanzabus.stanza.Jid;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Whatever bytes come, the answer is a failure with a name of RFC 6120 section 6.5, never an exception.
class RandomMessagesTest {
    private static final List<String> KNOWN =
            List.of("malformed-request", "not-authorized", "invalid-authzid", "invalid-mechanism");
    private static SaslFixture fixture;

    @BeforeContainer
    static void start() {
        fixture = new SaslFixture();
        fixture.account(Jid.of("user@example.org"), "pencil", "QSXCR+Q6sek8bf92", 4096);
    }

    @AfterContainer
    static void stop() {
        fixture.close();
    }

    @Provide
    Arbitrary<String> mechanisms() {
        return Arbitraries.of(
                "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512", "SCRAM-SHA-256-PLUS", "PLAIN", "EXTERNAL", "X");
    }

    @Property(tries = 2_000)
    void randomBytes(@ForAll @From("mechanisms") String mechanism, @ForAll byte[] data) {
        SaslReply reply = fixture.step(mechanism, data, null);

        // EXTERNAL means the only address of the certificate by an empty message; that account does not exist.
        assertThat(reply)
                .isInstanceOfSatisfying(
                        SaslReply.Failure.class,
                        failure -> assertThat(failure.condition()).isIn(KNOWN));
    }

    @Property(tries = 2_000)
    void randomState(@ForAll @From("mechanisms") String mechanism, @ForAll byte[] data, @ForAll byte[] state) {
        assertThat(fixture.step(mechanism, data, state)).isInstanceOf(SaslReply.Failure.class);
    }

    @Property(tries = 2_000)
    void damagedFirstMessage(@ForAll @IntRange(max = 40) int position, @ForAll byte value) {
        byte[] message = "n,a=user@example.org,n=user,r=0123456789".getBytes(StandardCharsets.UTF_8);
        byte[] damaged = message.clone();
        damaged[Math.min(position, message.length - 1)] = value;

        SaslReply reply = fixture.step("SCRAM-SHA-256", damaged, null);

        // Damage to the nonce, or to the name so that it is somebody else's, still is a first message.
        if (reply instanceof SaslReply.Failure failure) {
            assertThat(failure.condition()).isIn(KNOWN);
        } else {
            assertThat(reply).isInstanceOf(SaslReply.Challenge.class);
        }
    }

    @Property(tries = 1_000)
    void randomFinalMessage(@ForAll byte[] data) {
        SaslReply.Challenge challenge =
                (SaslReply.Challenge) fixture.step("SCRAM-SHA-256", "n,,n=user,r=0123456789", null);

        assertThat(fixture.step("SCRAM-SHA-256", data, challenge.state()))
                .isInstanceOfSatisfying(
                        SaslReply.Failure.class,
                        failure -> assertThat(failure.condition()).isEqualTo("malformed-request"));
    }

    @Property(tries = 1_000)
    void damagedFinalMessage(@ForAll @IntRange(max = 90) int position, @ForAll byte value) {
        SaslReply.Challenge challenge =
                (SaslReply.Challenge) fixture.step("SCRAM-SHA-256", "n,,n=user,r=0123456789", null);
        String proof = "A".repeat(43) + '=';
        byte[] message = ("c=biws,r=0123456789server-nonce,p=" + proof).getBytes(StandardCharsets.UTF_8);
        message[Math.min(position, message.length - 1)] = value;

        assertThat(fixture.step("SCRAM-SHA-256", message, challenge.state()))
                .isInstanceOfSatisfying(
                        SaslReply.Failure.class,
                        failure -> assertThat(failure.condition()).isIn(KNOWN));
    }
}
