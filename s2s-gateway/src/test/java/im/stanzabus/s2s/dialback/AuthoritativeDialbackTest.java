package im.stanzabus.s2s.dialback;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// The example of XEP-0220 section 2.2.2.
class AuthoritativeDialbackTest {
    private static final DomainPair PAIR = new DomainPair("montague.example", "capulet.example");
    private static final String ID = "417GAF25";
    private static final String KEY = "225cc5aa6a071133249d25fef42ae516fc7a86c523aa1c6980a7f73e784c972d";

    private final AuthoritativeDialback dialback = new AuthoritativeDialback(
            new DialbackKey("d14lb4ck43v3r".getBytes(StandardCharsets.UTF_8)), "montague.example"::equals);

    private Verdict verdict(DomainPair pair, String id, String key) {
        Dialback.VerificationAnswer answer = dialback.answer(new Dialback.VerificationRequest(pair, id, key));
        assertThat(answer.pair()).isEqualTo(pair);
        assertThat(answer.id()).isEqualTo(id);
        return answer.verdict();
    }

    @Test
    void whatWasMadeHereIsValid() {
        assertThat(verdict(PAIR, ID, KEY)).isEqualTo(Verdict.VALID);
    }

    @Test
    void everythingElseIsNot() {
        assertThat(verdict(PAIR, "417GAF26", KEY)).isEqualTo(Verdict.INVALID);
        assertThat(verdict(new DomainPair("montague.example", "verona.example"), ID, KEY))
                .isEqualTo(Verdict.INVALID);
        assertThat(verdict(PAIR, ID, KEY.replace('2', '3'))).isEqualTo(Verdict.INVALID);
        assertThat(verdict(PAIR, ID, "")).isEqualTo(Verdict.INVALID);
        assertThat(verdict(PAIR, ID, KEY.repeat(10_000))).isEqualTo(Verdict.INVALID);
    }

    @Test
    void aDomainThatIsNotHereIsAnError() {
        assertThat(verdict(PAIR.reversed(), ID, KEY)).isEqualTo(new Verdict.Failed(DialbackCondition.ITEM_NOT_FOUND));
    }
}
