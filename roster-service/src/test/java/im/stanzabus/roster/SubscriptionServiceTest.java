package im.stanzabus.roster;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.bus.api.RosterItem.Subscription;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.bus.api.RosterRequest.Outcome;
import im.stanzabus.bus.api.RosterRequest.Sharing;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.ElementName;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Subscription stanzas through the service. Two instances of it serve the same accounts from one PostgreSQL;
/// requests go to both in turn. Each test has users of its own.
@Timeout(60)
class SubscriptionServiceTest {
    private static final RosterConfig SMALL = new RosterConfig(3, 10, 2, 10, 2, 200, 3, 2, Duration.ofDays(1));
    private static RosterInstances roster;
    private static int users;

    private Jid romeo;
    private Jid juliet;

    @BeforeAll
    static void start() {
        roster = new RosterInstances();
        roster.start(SMALL);
        roster.start(SMALL);
    }

    @AfterAll
    static void stop() {
        roster.close();
    }

    @BeforeEach
    void newUsers() {
        users++;
        romeo = Jid.of("romeo" + users + "@example.org");
        juliet = Jid.of("juliet" + users + "@example.net");
    }

    /// RFC 6121 sections 3.1.3 and A.1: a request alone makes no roster item.
    @Test
    void aRequestIsNotShownInTheRosterUntilItIsApproved() {
        Outcome asked = roster.inbound(StanzaType.SUBSCRIBE, romeo, juliet);

        assertThat(asked.forward()).isTrue();
        assertThat(asked.pushes()).isEmpty();
        assertThat(roster.load(romeo).items()).isEmpty();
        assertThat(roster.load(romeo).version()).isNotEqualTo(RosterVersion.UNTOUCHED);

        Outcome approved = roster.outbound(StanzaType.SUBSCRIBED, romeo, juliet);

        assertThat(approved.forward()).isTrue();
        assertThat(approved.sharing()).isEqualTo(Sharing.STARTED);
        RosterItem item = new RosterItem(juliet, null, List.of(), Subscription.FROM, false, false);
        assertThat(approved.pushes()).extracting(RosterRequest.Push::item).containsExactly(item);
        assertThat(roster.load(romeo).items()).containsExactly(item);
        assertThat(roster.load(romeo).pending()).isEmpty();
    }

    /// RFC 6121 section A.1, None + Pending In: an item that the user made is kept beside the request.
    @Test
    void aSetOfAContactThatAsksKeepsTheRequest() {
        roster.inbound(StanzaType.SUBSCRIBE, romeo, juliet);

        roster.set(romeo, juliet, "Juliet");

        assertThat(roster.load(romeo).pending()).hasSize(1);
        assertThat(roster.outbound(StanzaType.SUBSCRIBED, romeo, juliet).pushes())
                .extracting(RosterRequest.Push::item)
                .containsExactly(new RosterItem(juliet, "Juliet", List.of(), Subscription.FROM, false, false));
    }

    @Test
    void aDeclinedRequestIsForgotten() {
        roster.inbound(StanzaType.SUBSCRIBE, romeo, juliet);

        Outcome declined = roster.outbound(StanzaType.UNSUBSCRIBED, romeo, juliet);

        assertThat(declined.forward()).isTrue();
        assertThat(declined.pushes()).isEmpty();
        assertThat(roster.load(romeo).pending()).isEmpty();
        assertThat(roster.inbound(StanzaType.SUBSCRIBE, romeo, juliet).forward())
                .isTrue();
    }

    @Test
    void aRequestThatIsTakenBackIsForgotten() {
        roster.inbound(StanzaType.SUBSCRIBE, romeo, juliet);

        Outcome takenBack = roster.inbound(StanzaType.UNSUBSCRIBE, romeo, juliet);

        assertThat(takenBack.send()).containsExactly(Stanza.presence(StanzaType.UNSUBSCRIBED, romeo, juliet));
        assertThat(takenBack.pushes()).isEmpty();
        assertThat(roster.load(romeo).pending()).isEmpty();
    }

    /// RFC 6121 section 3.1.3: the complete stanza including any extended content.
    @Test
    void aWaitingRequestKeepsEverythingInIt() {
        String content = "<status xml:lang='it'>Ti prego &amp; subito</status>"
                + "<nick xmlns='http://jabber.org/protocol/nick'>Giulietta</nick>"
                + "<x:odd xmlns:x='urn:example:odd' x:a='1'><y xmlns='urn:y'/></x:odd>";
        Payload payload = new Payload(content.getBytes(StandardCharsets.UTF_8), new ElementName[] {
            new ElementName("jabber:client", "status"),
            new ElementName("http://jabber.org/protocol/nick", "nick"),
            new ElementName("urn:example:odd", "odd")
        });
        Stanza request = new Stanza(
                Stanza.Kind.PRESENCE,
                StanzaType.SUBSCRIBE,
                "id-1",
                Jid.of(juliet + "/balcony"),
                Jid.of(romeo + "/orchard"),
                "en",
                payload);

        roster.inbound(romeo, request);

        Stanza kept = roster.load(romeo).pending().getFirst();
        assertThat(kept).isEqualTo(request.withFrom(juliet).withTo(romeo));
        assertThat(kept.payload().size()).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            assertThat(kept.payload().name(i)).isEqualTo(payload.name(i));
        }
    }

    @Test
    void aLaterRequestTakesThePlaceOfTheFormer() {
        roster.inbound(romeo, request(juliet, "first"));

        Outcome second = roster.inbound(romeo, request(juliet, "second"));

        assertThat(second.forward()).as("A.3.1: not delivered again").isFalse();
        assertThat(roster.load(romeo).pending()).containsExactly(request(juliet, "second"));
    }

    @Test
    void requestsAreGivenBackInTheOrderOfTheirArrival() {
        Jid abram = Jid.of("abram@example.net");
        roster.inbound(romeo, request(juliet, "1"));
        roster.inbound(romeo, request(abram, "2"));

        assertThat(roster.load(romeo).pending()).extracting(Stanza::from).containsExactly(juliet, abram);
    }

    /// RFC 6121 section 3.1.3, security warning.
    @Test
    void requestsAreBoundedInNumberAndSize() {
        roster.inbound(StanzaType.SUBSCRIBE, romeo, Jid.of("a@example.net"));
        roster.inbound(StanzaType.SUBSCRIBE, romeo, Jid.of("b@example.net"));

        assertThat(roster.refusal(new RosterRequest.Inbound(romeo, request(juliet, "one more"))))
                .isEqualTo(Condition.POLICY_VIOLATION);
        assertThat(roster.inbound(StanzaType.SUBSCRIBE, romeo, Jid.of("a@example.net"))
                        .forward())
                .as("who waits already may ask again")
                .isFalse();
        roster.outbound(StanzaType.UNSUBSCRIBED, romeo, Jid.of("a@example.net"));
        assertThat(roster.refusal(new RosterRequest.Inbound(romeo, request(juliet, "x".repeat(300)))))
                .isEqualTo(Condition.POLICY_VIOLATION);
        assertThat(roster.inbound(romeo, request(juliet, "short")).forward()).isTrue();
    }

    /// RFC 6121 section 3.4.
    @Test
    void approvalBeforehandIsShownAndAnswersTheRequest() {
        Outcome approved = roster.outbound(StanzaType.SUBSCRIBED, romeo, juliet);

        assertThat(approved.forward()).isFalse();
        assertThat(approved.sharing()).isNull();
        assertThat(approved.pushes())
                .extracting(RosterRequest.Push::item)
                .containsExactly(new RosterItem(juliet, null, List.of(), Subscription.NONE, false, true));

        Outcome asked = roster.inbound(StanzaType.SUBSCRIBE, romeo, juliet);

        assertThat(asked.forward()).isFalse();
        assertThat(asked.send()).containsExactly(Stanza.presence(StanzaType.SUBSCRIBED, romeo, juliet));
        assertThat(asked.sharing()).isEqualTo(Sharing.STARTED);
        assertThat(roster.load(romeo).pending()).isEmpty();
        assertThat(roster.load(romeo).items())
                .containsExactly(new RosterItem(juliet, null, List.of(), Subscription.FROM, false, true));
    }

    @Test
    void approvalBeforehandCanBeTakenBack() {
        roster.outbound(StanzaType.SUBSCRIBED, romeo, juliet);

        Outcome back = roster.outbound(StanzaType.UNSUBSCRIBED, romeo, juliet);

        assertThat(back.forward()).isFalse();
        assertThat(back.pushes())
                .extracting(RosterRequest.Push::item)
                .containsExactly(new RosterItem(juliet, null, List.of(), Subscription.NONE, false, false));
        assertThat(roster.inbound(StanzaType.SUBSCRIBE, romeo, juliet).forward())
                .isTrue();
    }

    /// RFC 6121 section 3.1.2: a full JID is treated as the bare one.
    @Test
    void subscriptionsAreBetweenBareJids() {
        Outcome asked = roster.outbound(StanzaType.SUBSCRIBE, romeo, Jid.of(juliet + "/balcony"));

        assertThat(asked.pushes())
                .extracting(RosterRequest.Push::item)
                .containsExactly(new RosterItem(juliet, null, List.of(), Subscription.NONE, true, false));
        roster.inbound(StanzaType.SUBSCRIBED, romeo, Jid.of(juliet + "/balcony"));
        assertThat(roster.load(romeo).items())
                .containsExactly(new RosterItem(juliet, null, List.of(), Subscription.TO, false, false));
    }

    @Test
    void askingAndApprovingWorkAgainAfterARemoval() {
        roster.befriend(romeo, juliet);
        Outcome removal = roster.remove(romeo, juliet);
        removal.send().forEach(stanza -> roster.inbound(juliet, stanza));
        assertThat(roster.load(juliet).items())
                .containsExactly(new RosterItem(romeo, null, List.of(), Subscription.NONE, false, false));

        roster.befriend(romeo, juliet);

        assertThat(roster.load(romeo).items())
                .containsExactly(new RosterItem(juliet, null, List.of(), Subscription.BOTH, false, false));
        assertThat(roster.load(juliet).items())
                .containsExactly(new RosterItem(romeo, null, List.of(), Subscription.BOTH, false, false));
    }

    /// The contact's server missed the removal and still believes to be subscribed to.
    @Test
    void askingAgainWorksWhenTheContactStillGrants() {
        roster.befriend(romeo, juliet);
        roster.remove(romeo, juliet);

        Outcome asked = roster.outbound(StanzaType.SUBSCRIBE, romeo, juliet);
        Outcome answer = roster.inbound(StanzaType.SUBSCRIBE, juliet, romeo);

        assertThat(asked.forward()).isTrue();
        assertThat(answer.forward()).isFalse();
        assertThat(answer.sharing()).isEqualTo(Sharing.STARTED);
        answer.send().forEach(stanza -> roster.inbound(romeo, stanza));
        assertThat(roster.load(romeo).items())
                .containsExactly(new RosterItem(juliet, null, List.of(), Subscription.TO, false, false));
    }

    @Test
    void removalOfAContactThatAsksDeclines() {
        roster.inbound(StanzaType.SUBSCRIBE, romeo, juliet);
        roster.set(romeo, juliet, "Juliet");

        Outcome outcome = roster.remove(romeo, juliet);

        assertThat(outcome.send()).containsExactly(Stanza.presence(StanzaType.UNSUBSCRIBED, romeo, juliet));
        assertThat(outcome.sharing()).isNull();
        assertThat(roster.load(romeo).pending()).isEmpty();
    }

    private Stanza request(Jid from, String status) {
        return Stanza.presence(StanzaType.SUBSCRIBE, from, romeo, Element.text("status", "jabber:client", status));
    }
}
