package im.stanzabus.profile;

import static im.stanzabus.profile.RunningProfile.xml;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.stanza.StanzaError.Condition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// XEP-0054, with the database.
class VCardsTest {
    private static final int MAX = 2_000;
    private static final String JULIET = "juliet@capulet.example";
    private static RunningProfile profile;

    @BeforeAll
    static void start() {
        profile = RunningProfile.start(new ProfileConfig(MAX, 1_000, 10));
    }

    @AfterAll
    static void close() {
        profile.close();
    }

    /// XEP-0054 section 3.2 (examples 5 and 6), section 3.1 (examples 1 and 2).
    @Test
    void whatWasSetIsWhatOneGets() {
        String vcard = """
                <vCard xmlns='vcard-temp'><FN>Peter Saint-Andre</FN><N><FAMILY>Saint-Andre</FAMILY><MIDDLE/></N>
                  <TEL><WORK/><VOICE/><NUMBER>303-308-3282</NUMBER></TEL></vCard>""";
        assertThat(profile.own("stpeter@capulet.example", "set", vcard)).isEmpty();
        assertThat(profile.own("stpeter@capulet.example", "get", "<vCard xmlns='vcard-temp'/>"))
                .containsExactly(xml(vcard));
    }

    /// XEP-0054 section 3.2: there are no partial updates.
    @Test
    void aSetReplacesTheWhole() {
        profile.own(JULIET, "set", "<vCard xmlns='vcard-temp'><FN>Juliet</FN><URL>urn:a</URL></vCard>");
        profile.own(JULIET, "set", "<vCard xmlns='vcard-temp'><FN>Julia</FN></vCard>");
        assertThat(profile.own(JULIET, "get", "<vCard xmlns='vcard-temp'/>"))
                .containsExactly(xml("<vCard xmlns='vcard-temp'><FN>Julia</FN></vCard>"));
    }

    /// XEP-0054 section 3.3 (examples 8 and 9).
    @Test
    void othersReadTheSame() {
        profile.own("jer@capulet.example", "set", "<vCard xmlns='vcard-temp'><NICKNAME>jer</NICKNAME></vCard>");
        assertThat(profile.other("jer@capulet.example", "get", "<vCard xmlns='vcard-temp'/>"))
                .containsExactly(xml("<vCard xmlns='vcard-temp'><NICKNAME>jer</NICKNAME></vCard>"));
    }

    @Test
    void whatTheServerDoesNotKnowIsKeptToo() {
        String vcard = """
                <vCard xmlns='vcard-temp' version='3.0'><DESC xml:lang='de'>\uD83D\uDE00 &lt;b> "q" ä]]&gt;</DESC>\
                <x xmlns='urn:other' xmlns:o='urn:attr' o:a='1' b=''>mixed<y xmlns=''/>text</x></vCard>""";
        profile.own("odd@capulet.example", "set", vcard);
        assertThat(profile.own("odd@capulet.example", "get", "<vCard xmlns='vcard-temp'/>"))
                .containsExactly(xml(vcard));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # section                         own   type  query                                       condition
            3.1 no vCard, example 3         | true  | get | <vCard xmlns='vcard-temp'/>             | ITEM_NOT_FOUND
            3.3 no vCard, as if no account  | false | get | <vCard xmlns='vcard-temp'/>             | SERVICE_UNAVAILABLE
            3.2 somebody else's, example 7  | false | set | <vCard xmlns='vcard-temp'><FN/></vCard> | FORBIDDEN
            7 the name has a capital C      | true  | get | <vcard xmlns='vcard-temp'/>             | BAD_REQUEST
            7 the name has a capital C      | true  | set | <VCARD xmlns='vcard-temp'/>             | BAD_REQUEST
            """)
    void refuses(String section, boolean own, String type, String query, Condition condition) {
        assertThat(profile.refusal("nobody@capulet.example", own, type, query)).isEqualTo(condition);
    }

    @Test
    void aVCardMayBeAsLargeAsConfiguredAndNoLarger() {
        String around = "<vCard xmlns=\"vcard-temp\"><FN></FN></vCard>";
        String fits = around.replace("<FN>", "<FN>" + "x".repeat(MAX - around.length()));
        assertThat(profile.own("big@capulet.example", "set", fits)).isEmpty();
        assertThat(profile.refusal("big@capulet.example", true, "set", fits.replace("<FN>", "<FN>x")))
                .isEqualTo(Condition.POLICY_VIOLATION);
        assertThat(profile.own("big@capulet.example", "get", "<vCard xmlns='vcard-temp'/>"))
                .containsExactly(xml(fits));
    }
}
