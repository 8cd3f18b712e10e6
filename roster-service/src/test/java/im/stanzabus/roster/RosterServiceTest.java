package im.stanzabus.roster;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.bus.api.RosterItem.Subscription;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.bus.api.RosterRequest.Outcome;
import im.stanzabus.bus.api.RosterRequest.Sharing;
import im.stanzabus.bus.api.RosterRequest.Snapshot;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.ElementName;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two instances of the service serve the same accounts from one PostgreSQL; requests go to both in turn. Each
/// test has users of its own.
@Timeout(60)
class RosterServiceTest {
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

    @Test
    void anAccountWithoutAnythingIsEmptyAndLeavesNoTrace() {
        assertThat(roster.load(romeo))
                .isEqualTo(new Snapshot(RosterVersion.UNTOUCHED, List.of(), List.of(), List.of()));
        assertThat(roster.changesSince(romeo, RosterVersion.UNTOUCHED).known()).isTrue();
        roster.inbound(StanzaType.SUBSCRIBED, romeo, juliet);
        roster.inbound(StanzaType.UNSUBSCRIBE, romeo, juliet);
        roster.inbound(StanzaType.UNSUBSCRIBED, romeo, juliet);
        roster.outbound(StanzaType.UNSUBSCRIBE, romeo, juliet);
        roster.outbound(StanzaType.UNSUBSCRIBED, romeo, juliet);
        roster.unblock(romeo);
        roster.purge(romeo);

        assertThat(roster.rows(romeo)).isZero();
    }

    /// RFC 6121 sections 2.3.2, 2.4 and 2.1.6.
    @Test
    void aSetReplacesNameAndGroupsAndKeepsTheSubscription() {
        befriend(romeo, juliet);

        Outcome outcome = roster.set(romeo, juliet, "Juliet", "Friends", "Verona");

        RosterItem expected =
                new RosterItem(juliet, "Juliet", List.of("Friends", "Verona"), Subscription.BOTH, false, false);
        assertThat(outcome.pushes()).extracting(RosterRequest.Push::item).containsExactly(expected);
        assertThat(outcome.send()).isEmpty();
        assertThat(outcome.sharing()).isNull();
        Snapshot snapshot = roster.load(romeo);
        assertThat(snapshot.items()).containsExactly(expected);
        assertThat(snapshot.version()).isEqualTo(outcome.pushes().getFirst().version());

        roster.set(romeo, juliet, "");

        assertThat(roster.load(romeo).items())
                .containsExactly(new RosterItem(juliet, null, List.of(), Subscription.BOTH, false, false));
    }

    /// RFC 6121 section 2.5.2.
    @Test
    void aRemovalEndsBothSubscriptions() {
        befriend(romeo, juliet);

        Outcome outcome = roster.remove(romeo, juliet);

        assertThat(outcome.pushes())
                .extracting(RosterRequest.Push::item)
                .containsExactly(new RosterItem(juliet, null, List.of(), Subscription.REMOVE, false, false));
        assertThat(outcome.send())
                .containsExactly(
                        Stanza.presence(StanzaType.UNSUBSCRIBE, romeo, juliet),
                        Stanza.presence(StanzaType.UNSUBSCRIBED, romeo, juliet));
        assertThat(outcome.sharing()).isEqualTo(Sharing.ENDED);
        assertThat(roster.load(romeo).items()).isEmpty();
    }

    /// RFC 6121 section 2.5.3; a contact of which only a request is known is not in the roster either.
    @Test
    void whatIsNotInTheRosterCannotBeRemoved() {
        RosterRequest removal = new RosterRequest.Set(romeo, juliet, null, List.of(), true);
        assertThat(roster.refusal(removal)).isEqualTo(Condition.ITEM_NOT_FOUND);

        roster.inbound(StanzaType.SUBSCRIBE, romeo, juliet);

        assertThat(roster.refusal(removal)).isEqualTo(Condition.ITEM_NOT_FOUND);
        assertThat(roster.load(romeo).pending()).hasSize(1);
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
                .isEqualTo(Condition.RESOURCE_CONSTRAINT);
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
        befriend(romeo, juliet);
        Outcome removal = roster.remove(romeo, juliet);
        removal.send().forEach(stanza -> roster.inbound(juliet, stanza));
        assertThat(roster.load(juliet).items())
                .containsExactly(new RosterItem(romeo, null, List.of(), Subscription.NONE, false, false));

        befriend(romeo, juliet);

        assertThat(roster.load(romeo).items())
                .containsExactly(new RosterItem(juliet, null, List.of(), Subscription.BOTH, false, false));
        assertThat(roster.load(juliet).items())
                .containsExactly(new RosterItem(romeo, null, List.of(), Subscription.BOTH, false, false));
    }

    /// The contact's server missed the removal and still believes to be subscribed to.
    @Test
    void askingAgainWorksWhenTheContactStillGrants() {
        befriend(romeo, juliet);
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

    @Test
    void anAccountHasNoSubscriptionToItself() {
        assertThat(roster.outbound(StanzaType.SUBSCRIBE, romeo, romeo))
                .isEqualTo(new Outcome(List.of(), false, List.of(), null));
        assertThat(roster.refusal(new RosterRequest.Set(romeo, romeo, null, List.of(), false)))
                .isEqualTo(Condition.NOT_ALLOWED);
        assertThat(roster.rows(romeo)).isZero();
    }

    /// RFC 6121 section 2.3.3.
    @Test
    void setsBeyondTheLimitsAreRefused() {
        assertThat(refusalOfSet("x".repeat(11))).isEqualTo(Condition.NOT_ACCEPTABLE);
        assertThat(refusalOfSet("ä".repeat(6))).as("bytes count").isEqualTo(Condition.NOT_ACCEPTABLE);
        assertThat(refusalOfSet("ok", "")).isEqualTo(Condition.NOT_ACCEPTABLE);
        assertThat(refusalOfSet("ok", "x".repeat(11))).isEqualTo(Condition.NOT_ACCEPTABLE);
        assertThat(refusalOfSet("ok", "a", "b", "c")).isEqualTo(Condition.NOT_ACCEPTABLE);
        assertThat(refusalOfSet("ok", "a", "a")).isEqualTo(Condition.BAD_REQUEST);
        assertThat(roster.rows(romeo)).isZero();
        roster.set(romeo, juliet, "x".repeat(10), "x".repeat(10), "b");
    }

    @Test
    void aFullRosterTakesNoMore() {
        for (String name : List.of("a", "b", "c")) {
            roster.set(romeo, Jid.of(name + "@example.net"), name);
        }
        roster.inbound(StanzaType.SUBSCRIBE, romeo, Jid.of("d@example.net"));
        String version = roster.load(romeo).version();

        assertThat(refusalOfSet("one more")).isEqualTo(Condition.POLICY_VIOLATION);
        for (StanzaType type : List.of(StanzaType.SUBSCRIBE, StanzaType.SUBSCRIBED)) {
            assertThat(roster.refusal(new RosterRequest.Outbound(romeo, Stanza.presence(type, romeo, juliet))))
                    .isEqualTo(Condition.POLICY_VIOLATION);
        }
        Stanza approval = Stanza.presence(StanzaType.SUBSCRIBED, romeo, Jid.of("d@example.net"));
        assertThat(roster.refusal(new RosterRequest.Outbound(romeo, approval))).isEqualTo(Condition.POLICY_VIOLATION);

        Snapshot unchanged = roster.load(romeo);
        assertThat(unchanged.version()).isEqualTo(version);
        assertThat(unchanged.pending()).as("the request waits still").hasSize(1);
        roster.set(romeo, Jid.of("a@example.net"), "renamed");
        roster.remove(romeo, Jid.of("b@example.net"));
        roster.outbound(StanzaType.SUBSCRIBED, romeo, Jid.of("d@example.net"));
    }

    @Test
    void farewellTellsEveryContactAndChangesNothing() {
        befriend(romeo, juliet);
        Jid asked = Jid.of("asked@example.net");
        Jid asking = Jid.of("asking@example.net");
        roster.outbound(StanzaType.SUBSCRIBE, romeo, asked);
        roster.inbound(StanzaType.SUBSCRIBE, romeo, asking);
        roster.set(romeo, Jid.of("nobody@example.net"), "None");
        Snapshot before = roster.load(romeo);

        Outcome farewell = roster.farewell(romeo);

        assertThat(farewell.send())
                .containsExactlyInAnyOrder(
                        Stanza.presence(StanzaType.UNSUBSCRIBE, romeo, juliet),
                        Stanza.presence(StanzaType.UNSUBSCRIBED, romeo, juliet),
                        Stanza.presence(StanzaType.UNSUBSCRIBE, romeo, asked),
                        Stanza.presence(StanzaType.UNSUBSCRIBED, romeo, asking));
        assertThat(roster.load(romeo)).isEqualTo(before);
    }

    @Test
    void purgeForgetsEverythingOfThatAccountOnly() {
        befriend(romeo, juliet);
        roster.inbound(StanzaType.SUBSCRIBE, romeo, Jid.of("asking@example.net"));
        roster.set(romeo, Jid.of("gone@example.net"), "Gone");
        roster.remove(romeo, Jid.of("gone@example.net"));
        roster.block(romeo, Jid.of("pest@example.net"));
        long others = roster.rows(juliet);

        roster.purge(romeo);
        roster.purge(romeo);

        assertThat(roster.rows(romeo)).isZero();
        assertThat(roster.rows(juliet)).isEqualTo(others).isPositive();
    }

    /// XEP-0191.
    @Test
    void theBlockListIsASetOfBareAndFullJidsAndDomains() {
        Jid pest = Jid.of("pest@example.net");
        Jid full = Jid.of("pest@example.com/here");
        Jid domain = Jid.of("spam.example");

        assertThat(roster.block(romeo, pest, full)).containsExactlyInAnyOrder(pest, full);
        assertThat(roster.block(romeo, pest, domain)).containsExactlyInAnyOrder(pest, full, domain);
        assertThat(roster.refusal(new RosterRequest.Block(romeo, List.of(juliet))))
                .isEqualTo(Condition.POLICY_VIOLATION);
        assertThat(roster.refusal(new RosterRequest.Block(romeo, Collections.nCopies(4, pest))))
                .isEqualTo(Condition.POLICY_VIOLATION);
        assertThat(roster.load(romeo).blocked()).containsExactlyInAnyOrder(pest, full, domain);
        assertThat(roster.unblock(romeo, full, juliet)).containsExactlyInAnyOrder(pest, domain);
        assertThat(roster.unblock(romeo)).isEmpty();
        assertThat(roster.load(romeo).blocked()).isEmpty();
    }

    private Stanza request(Jid from, String status) {
        return Stanza.presence(StanzaType.SUBSCRIBE, from, romeo, Element.text("status", "jabber:client", status));
    }

    private Condition refusalOfSet(String name, String... groups) {
        return roster.refusal(new RosterRequest.Set(romeo, juliet, name, List.of(groups), false));
    }

    /// Each asks and each approves.
    private static void befriend(Jid one, Jid other) {
        subscribe(one, other);
        subscribe(other, one);
    }

    private static void subscribe(Jid user, Jid contact) {
        assertThat(roster.outbound(StanzaType.SUBSCRIBE, user, contact).forward())
                .isTrue();
        assertThat(roster.inbound(StanzaType.SUBSCRIBE, contact, user).forward())
                .isTrue();
        assertThat(roster.outbound(StanzaType.SUBSCRIBED, contact, user).forward())
                .isTrue();
        assertThat(roster.inbound(StanzaType.SUBSCRIBED, user, contact).forward())
                .isTrue();
    }
}
