package im.stanzabus.roster;

import static im.stanzabus.roster.RosterInstances.await;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.bus.api.RosterItem.Subscription;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.bus.api.RosterRequest.Changes;
import im.stanzabus.bus.api.RosterRequest.Outcome;
import im.stanzabus.bus.api.RosterRequest.Push;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Requests for one account at the same time, through two instances with connections of their own.
@Timeout(60)
class RosterConcurrencyTest {
    private static final RosterConfig CONFIG = new RosterConfig(20, 100, 10, 100, 5, 1000, 5, 10, Duration.ofDays(1));

    private final RosterInstances roster = new RosterInstances();
    private final Jid romeo = Jid.of("romeo@example.org");
    private final Jid juliet = Jid.of("juliet@example.net");

    @BeforeEach
    void start() {
        roster.start(CONFIG);
        roster.start(CONFIG);
    }

    @AfterEach
    void stop() {
        roster.close();
    }

    /// The first rows of an account are made by many at once too.
    @Test
    void everyChangeGetsAVersionOfItsOwnAndNoneIsLost() {
        List<Future<Outcome>> outcomes = IntStream.range(0, 20)
                .mapToObj(i -> roster.send(set("friend" + i), Outcome.class))
                .toList();

        await(Future.all(outcomes));

        assertThat(outcomes)
                .extracting(outcome -> outcome.result().pushes().getFirst().version())
                .doesNotHaveDuplicates();
        assertThat(roster.load(romeo).items()).hasSize(20);
        String version = roster.load(romeo).version();
        assertThat(version).endsWith("-20");
        Changes all = roster.changesSince(romeo, version.replace("-20", "-0"));
        List<String> inOrder = IntStream.rangeClosed(1, 20)
                .mapToObj(i -> version.replace("-20", "-" + i))
                .toList();
        assertThat(all.changes()).extracting(Push::version).containsExactlyElementsOf(inOrder);
    }

    @Test
    void limitsHoldWhenManyComeAtOnce() {
        List<Future<Outcome>> sets = new ArrayList<>();
        List<Future<Outcome>> requests = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            sets.add(roster.send(set("friend" + i), Outcome.class));
            Stanza request = Stanza.presence(StanzaType.SUBSCRIBE, Jid.of("asking" + i + "@example.net"), romeo);
            requests.add(roster.send(new RosterRequest.Inbound(romeo, request), Outcome.class));
        }

        await(Future.join(sets).otherwiseEmpty());
        await(Future.join(requests).otherwiseEmpty());

        assertThat(sets.stream().filter(Future::succeeded)).hasSize(20);
        assertThat(requests.stream().filter(Future::succeeded)).hasSize(5);
        assertThat(roster.load(romeo).items()).hasSize(20);
        assertThat(roster.load(romeo).pending()).hasSize(5);
    }

    /// Both ask each other at once: neither request may overwrite the other.
    @Test
    void requestsInBothDirectionsAtOnceAreBothKept() {
        for (int i = 0; i < 20; i++) {
            Jid contact = Jid.of("contact" + i + "@example.net");
            Future<Outcome> out = roster.send(
                    new RosterRequest.Outbound(romeo, Stanza.presence(StanzaType.SUBSCRIBE, romeo, contact)),
                    Outcome.class);
            Future<Outcome> in = roster.send(
                    new RosterRequest.Inbound(romeo, Stanza.presence(StanzaType.SUBSCRIBE, contact, romeo)),
                    Outcome.class);
            assertThat(await(out).forward()).isTrue();
            assertThat(await(in).forward()).isTrue();

            Outcome approval = roster.outbound(StanzaType.SUBSCRIBED, romeo, contact);
            assertThat(approval.pushes())
                    .extracting(Push::item)
                    .containsExactly(new RosterItem(contact, null, List.of(), Subscription.FROM, true, false));
        }
    }

    /// Somebody else is just making the account's first row: the request waits, and then sees what the other
    /// did.
    @Test
    void aRequestThatIsOvertakenStartsAgain() throws Exception {
        SqlConnection other = await(roster.pool().getConnection());
        Transaction transaction = await(other.begin());
        await(other.preparedQuery("INSERT INTO roster (owner, incarnation, version) VALUES ($1, 'other', 7)")
                .execute(Tuple.of(romeo.toString())));
        await(other.preparedQuery("INSERT INTO roster_item VALUES ($1, $2, 'Juliet', '{}', 'from', false, false, 7)")
                .execute(Tuple.of(romeo.toString(), juliet.toString())));

        Future<Outcome> outcome = roster.send(
                new RosterRequest.Outbound(romeo, Stanza.presence(StanzaType.SUBSCRIBE, romeo, juliet)), Outcome.class);
        roster.awaitSomebodyWaitingForALock();
        await(transaction.commit());
        await(other.close());

        assertThat(await(outcome).pushes())
                .containsExactly(new Push(
                        "other-8", new RosterItem(juliet, "Juliet", List.of(), Subscription.FROM, true, false)));
    }

    private RosterRequest set(String friend) {
        return new RosterRequest.Set(romeo, Jid.of(friend + "@example.net"), friend, List.of(), false);
    }
}
