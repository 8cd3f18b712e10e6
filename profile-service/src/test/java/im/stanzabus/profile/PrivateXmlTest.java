package im.stanzabus.profile;

import static im.stanzabus.profile.RunningProfile.await;
import static im.stanzabus.profile.RunningProfile.xml;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// XEP-0049, with the database.
class PrivateXmlTest {
    private static final int MAX_BYTES = 1_000;
    private static final int MAX_ELEMENTS = 4;
    private static RunningProfile profile;

    @BeforeAll
    static void start() {
        profile = RunningProfile.start(new ProfileConfig(10_000, MAX_BYTES, MAX_ELEMENTS));
    }

    @AfterAll
    static void close() {
        profile.close();
    }

    /// XEP-0049 section 2.3, examples 1 and 2.
    @Test
    void whatWasSetIsWhatOneGets() {
        set("hamlet", "<exodus xmlns='exodus:prefs'><defaultnick>Hamlet</defaultnick></exodus>");
        assertThat(get("hamlet", "<exodus xmlns='exodus:prefs'/>"))
                .isEqualTo(query("<exodus xmlns='exodus:prefs'><defaultnick>Hamlet</defaultnick></exodus>"));
    }

    @Test
    void somethingUnknownComesBackEmpty() {
        assertThat(get("ophelia", "<storage xmlns='storage:bookmarks'/>"))
                .isEqualTo(query("<storage xmlns='storage:bookmarks'/>"));
    }

    /// Section 2.1: what matters is the namespace and the name.
    @Test
    void equalNamesInOtherNamespacesAreOtherThings() {
        set("horatio", "<storage xmlns='storage:bookmarks'><conference jid='a@b'/></storage>");
        assertThat(get("horatio", "<storage xmlns='storage:rosternotes'/>"))
                .isEqualTo(query("<storage xmlns='storage:rosternotes'/>"));
    }

    /// Section 2.3: a set or result may contain several elements of a namespace.
    @Test
    void severalElementsOfANamespace() {
        set("laertes", "<a xmlns='urn:x' n='1'/><b xmlns='urn:x'>2</b><a xmlns='urn:x' n='3'/>");
        assertThat(get("laertes", "<b xmlns='urn:x'/><a xmlns='urn:x'/><c xmlns='urn:x'/>"))
                .isEqualTo(query("<b xmlns='urn:x'>2</b><a xmlns='urn:x' n='1'/><a xmlns='urn:x' n='3'/>"
                        + "<c xmlns='urn:x'/>"));
        set("laertes", "<a xmlns='urn:x' n='4'/>");
        assertThat(get("laertes", "<b xmlns='urn:x'/><a xmlns='urn:x'/>"))
                .isEqualTo(query("<b xmlns='urn:x'>2</b><a xmlns='urn:x' n='4'/>"));
    }

    @Test
    void accountsAreApart() {
        set("gertrude", "<a xmlns='urn:x'>mine</a>");
        assertThat(get("claudius", "<a xmlns='urn:x'/>")).isEqualTo(query("<a xmlns='urn:x'/>"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # section                      own     type  content of query                                  condition
            2.3 another account, example 3 | false | set | <exodus xmlns='exodus:prefs'/>                | FORBIDDEN
            2.3 another account, example 3 | false | get | <exodus xmlns='exodus:prefs'/>                | FORBIDDEN
            2.3 no element, a bad format   | true  | get | ''                                            | BAD_REQUEST
            2.3 text is no element         | true  | get | text                                          | BAD_REQUEST
            2.3 MUST be not acceptable     | true  | set | ''                                            | NOT_ACCEPTABLE
            2.3 reserved, example 5        | true  | set | <vCard xmlns='vcard-temp'><FN>H</FN></vCard>  | NOT_ACCEPTABLE
            2.3 reserved                   | true  | get | <vCard xmlns='vcard-temp'/>                   | NOT_ACCEPTABLE
            2.3 reserved                   | true  | set | <query xmlns='jabber:iq:roster'><a/></query>  | NOT_ACCEPTABLE
            2.3 reserved                   | true  | set | <x xmlns='http://jabber.org/protocol/x'>1</x> | NOT_ACCEPTABLE
            2.3 the query's own namespace  | true  | set | <exodus>1</exodus>                            | NOT_ACCEPTABLE
            2.1 no namespace               | true  | set | <exodus xmlns=''>1</exodus>                   | NOT_ACCEPTABLE
            2.3 one namespace in a get     | true  | get | <a xmlns='urn:x'/><a xmlns='urn:y'/>          | BAD_REQUEST
            one reserved among others      | true  | set | <a xmlns='urn:x'>1</a><b xmlns='jabber:x'/>   | NOT_ACCEPTABLE
            """)
    void refuses(String section, boolean own, String type, String content, Condition condition) {
        String query = "<query xmlns='jabber:iq:private'>" + content + "</query>";
        assertThat(profile.refusal("macbeth@capulet.example", own, type, query)).isEqualTo(condition);
        assertThat(profile.rows("profile_private", "macbeth@capulet.example")).isZero();
    }

    @Test
    void otherElementsOfTheNamespaceMeanNothing() {
        assertThat(profile.refusal("a@capulet.example", true, "get", "<private xmlns='jabber:iq:private'/>"))
                .isEqualTo(Condition.BAD_REQUEST);
    }

    @Test
    void sizeIsLimited() {
        String around = "<a xmlns=\"urn:x\"></a>";
        String fits = around.replace("><", '>' + "x".repeat(MAX_BYTES - around.length()) + '<');
        set("yorick", fits);
        assertThat(refusal("yorick", fits.replace("</", "x</"))).isEqualTo(Condition.POLICY_VIOLATION);
        assertThat(get("yorick", "<a xmlns='urn:x'/>")).isEqualTo(query(fits));
        assertThat(refusal("yorick", "<a xmlns='urn:" + "y".repeat(600) + "'>1</a>"))
                .isEqualTo(Condition.POLICY_VIOLATION);
    }

    @Test
    void theNumberIsLimitedAndASetIsAllOrNothing() {
        set("polonius", "<a xmlns='urn:1'>1</a><a xmlns='urn:2'>1</a><a xmlns='urn:3'>1</a>");
        assertThat(refusal("polonius", "<a xmlns='urn:3'>2</a><a xmlns='urn:4'>1</a><a xmlns='urn:5'>1</a>"))
                .isEqualTo(Condition.POLICY_VIOLATION);
        assertThat(get("polonius", "<a xmlns='urn:3'/>")).isEqualTo(query("<a xmlns='urn:3'>1</a>"));
        set("polonius", "<a xmlns='urn:4'>1</a>");
        set("polonius", "<a xmlns='urn:4'>2</a>");
        assertThat(refusal("polonius", "<a xmlns='urn:5'>1</a>")).isEqualTo(Condition.POLICY_VIOLATION);
    }

    /// A get of something unknown and a get of something stored empty have the same result, so an empty one
    /// needs no place.
    @Test
    void anEmptyElementFreesThePlace() {
        set("osric", "<a xmlns='urn:1'>1</a><a xmlns='urn:2'>1</a><a xmlns='urn:3'>1</a><a xmlns='urn:4'>1</a>");
        set("osric", "<a xmlns='urn:2'/><a xmlns='urn:5'>1</a>");
        assertThat(get("osric", "<a xmlns='urn:2'/>")).isEqualTo(query("<a xmlns='urn:2'/>"));
        assertThat(get("osric", "<a xmlns='urn:5'/>")).isEqualTo(query("<a xmlns='urn:5'>1</a>"));
        assertThat(profile.rows("profile_private", "osric@capulet.example")).isEqualTo(MAX_ELEMENTS);
    }

    @Test
    void setsAtTheSameTimeDoNotPassTheLimitTogether() {
        List<Future<List<Element>>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(profile.request(
                    "fortinbras@capulet.example",
                    true,
                    "set",
                    "<query xmlns='jabber:iq:private'><a xmlns='urn:" + i + "'>1</a></query>"));
        }
        await(Future.join(answers).otherwiseEmpty());
        assertThat(answers.stream().filter(Future::succeeded)).hasSize(MAX_ELEMENTS);
        assertThat(profile.rows("profile_private", "fortinbras@capulet.example"))
                .isEqualTo(MAX_ELEMENTS);
    }

    private static void set(String account, String content) {
        assertThat(profile.own(account + "@capulet.example", "set", wrapped(content)))
                .isEmpty();
    }

    private static Element get(String account, String content) {
        return profile.own(account + "@capulet.example", "get", wrapped(content))
                .getFirst();
    }

    private static Condition refusal(String account, String content) {
        return profile.refusal(account + "@capulet.example", true, "set", wrapped(content));
    }

    private static Element query(String content) {
        return xml(wrapped(content));
    }

    private static String wrapped(String content) {
        return "<query xmlns='jabber:iq:private'>" + content + "</query>";
    }
}
