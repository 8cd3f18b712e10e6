package im.stanzabus.profile;

import static im.stanzabus.profile.RunningProfile.await;
import static im.stanzabus.profile.RunningProfile.refusal;
import static im.stanzabus.profile.RunningProfile.xml;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.bus.api.LastSeen;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// XEP-0012 section 3, without the database.
class LastActivityTest {
    private static final Jid JULIET = Jid.of("juliet@capulet.example");
    private static final Jid NURSE = Jid.of("nurse@capulet.example");
    private static final Instant SEEN = Instant.parse("2026-03-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # now                    status        query
            2026-03-01T12:15:03Z   | Heading Home | <query xmlns='jabber:iq:last' seconds='903'>Heading Home</query>
            2026-03-01T12:15:03.9Z | ''           | <query xmlns='jabber:iq:last' seconds='903'/>
            2026-03-01T12:00:00Z   | <3 & you     | <query xmlns='jabber:iq:last' seconds='0'>&lt;3 &amp; you</query>
            2026-03-01T11:59:00Z   | ''           | <query xmlns='jabber:iq:last' seconds='0'/>
            """)
    void secondsSinceTheLogoutAndTheLastStatus(Instant now, String status, String query) {
        LastActivity activity = new LastActivity(
                account -> Future.succeededFuture(new LastSeen(account, SEEN, status)), InstantSource.fixed(now));
        assertThat(await(activity.answer(request(JULIET, StanzaType.GET, "<query xmlns='jabber:iq:last'/>")))
                        .payload())
                .containsExactly(xml(query));
    }

    @Test
    void whoWasNeverSeen() {
        assertThat(refusal(answer(request(NURSE, StanzaType.GET, "<query xmlns='jabber:iq:last'/>"))))
                .isEqualTo(Condition.ITEM_NOT_FOUND);
    }

    @Test
    void otherRequests() {
        assertThat(refusal(answer(request(NURSE, StanzaType.SET, "<query xmlns='jabber:iq:last'/>"))))
                .isEqualTo(Condition.NOT_ALLOWED);
        assertThat(refusal(answer(request(NURSE, StanzaType.GET, "<last xmlns='jabber:iq:last'/>"))))
                .isEqualTo(Condition.BAD_REQUEST);
    }

    private static Future<IqRequest.Answer> answer(IqRequest request) {
        return new LastActivity(_ -> Future.succeededFuture(), InstantSource.fixed(SEEN)).answer(request);
    }

    private static IqRequest request(Jid account, StanzaType type, String query) {
        Jid romeo = Jid.of("romeo@montague.example/orchard");
        return new IqRequest(account, false, Stanza.iq(type, "last1", romeo, account, xml(query)));
    }
}
