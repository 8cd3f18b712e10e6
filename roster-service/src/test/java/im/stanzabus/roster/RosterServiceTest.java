package im.stanzabus.roster;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.bus.api.RosterItem.Subscription;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.bus.api.RosterRequest.Outcome;
import im.stanzabus.bus.api.RosterRequest.Sharing;
import im.stanzabus.bus.api.RosterRequest.Snapshot;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
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
        roster.farewell(romeo);
        roster.purge(romeo);

        assertThat(roster.rows(romeo)).isZero();
    }

    /// RFC 6121 sections 2.3.2, 2.4 and 2.1.6.
    @Test
    void aSetReplacesNameAndGroupsAndKeepsTheSubscription() {
        roster.befriend(romeo, juliet);

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
        roster.befriend(romeo, juliet);

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
        roster.befriend(romeo, juliet);
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
        roster.befriend(romeo, juliet);
        roster.inbound(StanzaType.SUBSCRIBE, romeo, Jid.of("asking@example.net"));
        roster.set(romeo, Jid.of("gone@example.net"), "Gone");
        roster.remove(romeo, Jid.of("gone@example.net"));
        roster.block(romeo, Jid.of("pest@example.net"));
        long others = roster.rows(juliet);

        roster.make(romeo);
        roster.beginRemoval(romeo);
        roster.purge(romeo);
        roster.purge(romeo);

        assertThat(roster.rows(romeo)).isZero();
        assertThat(roster.rows(juliet)).isEqualTo(others).isPositive();
    }

    /// A process that was frozen goes on with the removal of an account that has been made anew meanwhile.
    @Test
    void aLatePurgeLeavesANewAccountOfTheSameNameAlone() {
        roster.befriend(romeo, juliet);
        roster.make(romeo);
        Snapshot before = roster.load(romeo);

        roster.purge(romeo);

        assertThat(roster.load(romeo)).isEqualTo(before);
        assertThat(roster.farewell(romeo).send()).isEmpty();
    }

    /// The name is not free while somebody deletes what an account of that name owned.
    @Test
    void noAccountIsMadeInTheMiddleOfAPurge() {
        SqlConnection purging = RosterInstances.await(roster.pool().getConnection());
        Transaction transaction = RosterInstances.await(purging.begin());
        RosterInstances.await(purging.preparedQuery("SELECT account_is_gone($1, $2)")
                .execute(Tuple.of(romeo.domain(), romeo.local())));

        assertThat(roster.make(romeo)).isFalse();
        RosterInstances.await(transaction.commit());
        RosterInstances.await(purging.close());
        assertThat(roster.make(romeo)).isTrue();
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

    private Condition refusalOfSet(String name, String... groups) {
        return roster.refusal(new RosterRequest.Set(romeo, juliet, name, List.of(groups), false));
    }
}
