package im.stanzabus.session.iq;

import static im.stanzabus.session.iq.Questions.answer;
import static im.stanzabus.session.iq.Questions.question;
import static im.stanzabus.session.iq.Questions.refusal;
import static im.stanzabus.session.iq.Questions.xml;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.stanza.StanzaError.Condition;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Processors that answer out of themselves.
class SimpleProcessorsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2006-12-19T17:58:35Z"), ZoneId.of("UTC"));

    private final Map<String, IqProcessor> processors = Map.of(
            "ping", new PingProcessor(),
            "version", new VersionProcessor("1.2.3", null),
            "time", new TimeProcessor(CLOCK),
            "session", new LegacySessionProcessor());

    /// XEP-0199 section 4.2: to the server, to one's own bare JID, and without a receiver.
    @ParameterizedTest
    @EnumSource(
            value = IqTarget.class,
            names = {"HOST", "OWN"})
    void ping(IqTarget target) {
        IqProcessor ping = new PingProcessor();
        assertThat(ping.targets()).contains(target);
        IqQuestion question = question("""
                <iq xmlns='jabber:client' type='get' id='c2s1' to='capulet.example'><ping xmlns='urn:xmpp:ping'/></iq>
                """, target);
        assertThat(answer(ping, question)).isNull();
    }

    /// XEP-0092 section 2.
    @Test
    void versionWithoutOperatingSystem() {
        assertThat(answer(new VersionProcessor("1.2.3", null), version())).isEqualTo(xml("""
                <query xmlns='jabber:iq:version'><name>Stanzabus</name><version>1.2.3</version></query>
                """));
    }

    /// XEP-0092 section 5: the operating system only if the administrator wants it told.
    @Test
    void versionWithOperatingSystem() {
        assertThat(answer(new VersionProcessor("1.2.3", "Linux"), version())).isEqualTo(xml("""
                <query xmlns='jabber:iq:version'>
                  <name>Stanzabus</name><version>1.2.3</version><os>Linux</os>
                </query>
                """));
    }

    private static IqQuestion version() {
        return question("""
                <iq xmlns='jabber:client' type='get' id='version_1' to='capulet.example'>
                  <query xmlns='jabber:iq:version'/>
                </iq>
                """, IqTarget.HOST);
    }

    /// XEP-0202 section 3, in the formats of XEP-0082 section 3.2.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2006-12-19T17:58:35Z           | America/Chicago | -06:00 | 2006-12-19T17:58:35Z
            2006-06-19T17:58:35Z           | America/Chicago | -05:00 | 2006-06-19T17:58:35Z
            2026-01-02T03:04:05.678901234Z | Asia/Kolkata    | +05:30 | 2026-01-02T03:04:05.678Z
            2026-01-02T03:04:05Z           | UTC             | +00:00 | 2026-01-02T03:04:05Z
            """)
    void time(Instant now, String zone, String tzo, String utc) {
        IqQuestion question = question("""
                <iq xmlns='jabber:client' type='get' id='time_1' to='capulet.example'><time xmlns='urn:xmpp:time'/></iq>
                """, IqTarget.HOST);
        assertThat(answer(new TimeProcessor(Clock.fixed(now, ZoneId.of(zone))), question))
                .isEqualTo(xml("<time xmlns='urn:xmpp:time'><tzo>" + tzo + "</tzo><utc>" + utc + "</utc></time>"));
    }

    /// RFC 3921 section 3: to the domain as in its example, and without a receiver.
    @ParameterizedTest
    @CsvSource({"HOST, to='capulet.example'", "OWN, ''"})
    void legacySession(IqTarget target, String to) {
        IqProcessor session = new LegacySessionProcessor();
        assertThat(session.targets()).contains(target);
        IqQuestion question = question(
                "<iq xmlns='jabber:client' type='set' id='sess_1' " + to
                        + "><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>",
                target);
        assertThat(answer(session, question)).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # rule                             processor  type  child                                      condition
            XEP-0199 section 4: a get        | ping    | set | <ping xmlns='urn:xmpp:ping'/>            | NOT_ALLOWED
            XEP-0199 section 4: ping         | ping    | get | <pong xmlns='urn:xmpp:ping'/>            | BAD_REQUEST
            XEP-0092 section 2: no set       | version | set | <query xmlns='jabber:iq:version'/>       | NOT_ALLOWED
            XEP-0092 section 2: query        | version | get | <version xmlns='jabber:iq:version'/>     | BAD_REQUEST
            XEP-0202 section 2: no set       | time    | set | <time xmlns='urn:xmpp:time'/>            | NOT_ALLOWED
            XEP-0202 section 2: time         | time    | get | <query xmlns='urn:xmpp:time'/>           | BAD_REQUEST
            RFC 3921 section 3: a set        | session | get | <session xmlns='urn:ietf:params:xml:ns:xmpp-session'/> | NOT_ALLOWED
            RFC 3921 section 3: session      | session | set | <query xmlns='urn:ietf:params:xml:ns:xmpp-session'/> | BAD_REQUEST
            """)
    void refuses(String rule, String processor, String type, String child, Condition condition) {
        IqQuestion question = question(
                "<iq xmlns='jabber:client' type='" + type + "' id='1' to='capulet.example'>" + child + "</iq>",
                IqTarget.HOST);
        assertThat(refusal(processors.get(processor), question)).isEqualTo(condition);
    }

    /// RFC 3921 section 3: a session is for the server's own clients.
    @Test
    void legacySessionOfSomebodyElse() {
        IqQuestion question = question("""
                <iq xmlns='jabber:client' type='set' id='1' from='romeo@montague.example/x' to='capulet.example'>
                  <session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>
                </iq>
                """, IqTarget.HOST);
        assertThat(refusal(new LegacySessionProcessor(), question)).isEqualTo(Condition.FORBIDDEN);
    }
}
