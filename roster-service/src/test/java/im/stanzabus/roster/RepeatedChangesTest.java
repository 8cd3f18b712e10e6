package im.stanzabus.roster;

import static im.stanzabus.roster.RosterInstances.await;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.bus.api.RosterItem.Subscription;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.bus.api.RosterRequest.Outcome;
import im.stanzabus.bus.api.RosterRequest.Push;
import im.stanzabus.bus.api.RosterRequest.Sharing;
import im.stanzabus.bus.api.RosterRequest.Snapshot;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The process that was asked for a change dies after it has committed it and before anybody has its answer:
/// asked again, another one does not make the change again, and says what follows from it.
@Timeout(60)
class RepeatedChangesTest {
    private final RosterInstances roster = new RosterInstances();
    private final Jid romeo = Jid.of("romeo@example.org");
    private final Jid juliet = Jid.of("juliet@example.net");
    private final List<RosterRequest> changes = new ArrayList<>();
    private RosterInstances.Process dying;
    private RosterInstances.Process other;

    @BeforeEach
    void start() {
        dying = roster.start(RosterConfig.DEFAULTS);
        other = roster.start(RosterConfig.DEFAULTS);
    }

    @AfterEach
    void stop() {
        roster.close();
    }

    private Origin next() {
        return new Origin(77, changes.size());
    }

    private Outcome make(RosterRequest change) {
        changes.add(change);
        return dying.ask(change, Outcome.class);
    }

    private Outcome set(String name, boolean remove) {
        return make(new RosterRequest.Set(romeo, juliet, name, List.of("Verona"), remove, next()));
    }

    private Outcome outbound(StanzaType type) {
        return make(new RosterRequest.Outbound(romeo, Stanza.presence(type, romeo, juliet), next()));
    }

    private Outcome inbound(StanzaType type) {
        return make(new RosterRequest.Inbound(romeo, Stanza.presence(type, juliet, romeo), next()));
    }

    private Outcome again(int change) {
        return other.ask(changes.get(change), Outcome.class);
    }

    /// Makes a change, kills the process and asks the other.
    private void survives(Outcome first) {
        Snapshot after = roster.load(romeo);
        roster.forget(dying);
        dying.kill();

        assertThat(again(changes.size() - 1)).isEqualTo(first);
        assertThat(roster.load(romeo)).isEqualTo(after);
        dying = other;
        other = roster.start(RosterConfig.DEFAULTS);
    }

    @Test
    void everyKindOfChange() {
        survives(set("Juliet", false));
        survives(outbound(StanzaType.SUBSCRIBE));
        survives(inbound(StanzaType.SUBSCRIBED));
        survives(inbound(StanzaType.SUBSCRIBE));
        survives(outbound(StanzaType.SUBSCRIBED));
        survives(inbound(StanzaType.UNSUBSCRIBE));
        survives(inbound(StanzaType.UNSUBSCRIBED));
        survives(outbound(StanzaType.SUBSCRIBED)); // beforehand
        survives(inbound(StanzaType.SUBSCRIBE)); // answered at once
        Outcome gone = set("Juliet", true);
        assertThat(gone.pushes()).hasSize(1);
        assertThat(gone.send()).containsExactly(Stanza.presence(StanzaType.UNSUBSCRIBED, romeo, juliet));
        assertThat(gone.sharing()).isEqualTo(Sharing.ENDED);
        survives(gone);
    }

    /// A removal tells the contact two things, which come from one stanza.
    @Test
    void twoStanzasOfOneOriginAreTwoChanges() {
        roster.befriend(romeo, juliet);
        Origin removal = next();
        Outcome unsubscribe =
                make(new RosterRequest.Inbound(romeo, Stanza.presence(StanzaType.UNSUBSCRIBE, juliet, romeo), removal));
        Outcome unsubscribed = make(
                new RosterRequest.Inbound(romeo, Stanza.presence(StanzaType.UNSUBSCRIBED, juliet, romeo), removal));

        assertThat(unsubscribe.pushes().getFirst().item().subscription()).isEqualTo(Subscription.TO);
        assertThat(unsubscribed.pushes().getFirst().item().subscription()).isEqualTo(Subscription.NONE);
        assertThat(again(1)).isEqualTo(unsubscribed);
    }

    /// The process is taken for dead and is only slow: both have the change at the same time.
    @Test
    void twoProcessesWithTheSameChangeMakeItOnce() throws Exception {
        roster.set(romeo, juliet, "Juliet");
        SqlConnection holding = await(roster.pool().getConnection());
        Transaction holdUp = await(holding.begin());
        await(holding.query("SELECT FROM roster FOR UPDATE").execute());
        RosterRequest change = new RosterRequest.Set(romeo, juliet, null, List.of(), true, next());
        Future<Outcome> first = dying.bus().request("roster", change, Outcome.class);
        Future<Outcome> second = other.bus().request("roster", change, Outcome.class);
        roster.awaitSomebodyWaitingForALock();
        await(holdUp.commit());
        await(holding.close());

        assertThat(await(first)).isEqualTo(await(second));
        assertThat(await(first).pushes().getFirst().item().subscription()).isEqualTo(Subscription.REMOVE);
        assertThat(roster.load(romeo).version()).endsWith("-2");
    }

    /// What came later counts: a repetition must not set anybody back.
    @Test
    void whatHasChangedSinceIsToldAsItIsNow() {
        set("Juliet", false);
        outbound(StanzaType.SUBSCRIBE);
        inbound(StanzaType.SUBSCRIBE);
        Outcome shared = outbound(StanzaType.SUBSCRIBED);
        Outcome ended = outbound(StanzaType.UNSUBSCRIBED);
        outbound(StanzaType.UNSUBSCRIBE);
        Outcome renamed = set("Giulietta", false);
        Push now = renamed.pushes().getFirst();
        assertThat(now.item())
                .isEqualTo(new RosterItem(juliet, "Giulietta", List.of("Verona"), Subscription.NONE, false, false));
        assertThat(shared.sharing()).isEqualTo(Sharing.STARTED);
        assertThat(ended.sharing()).isEqualTo(Sharing.ENDED);

        assertThat(again(0)).isEqualTo(new Outcome(List.of(now), false, List.of(), null));
        assertThat(again(1)).isEqualTo(new Outcome(List.of(now), false, List.of(), null));
        assertThat(again(2)).isEqualTo(new Outcome(List.of(), false, List.of(), null));
        assertThat(again(3)).isEqualTo(new Outcome(List.of(now), false, List.of(), null));
        assertThat(again(4)).isEqualTo(new Outcome(List.of(now), true, List.of(), Sharing.ENDED));
    }

    @Test
    void aRefusedChangeIsRefusedAgainAndLeavesNothing() {
        RosterRequest unknown = new RosterRequest.Set(romeo, juliet, null, List.of(), true, next());
        assertThat(roster.refusal(unknown)).isEqualTo(roster.refusal(unknown));
        assertThat(roster.rows(romeo)).isZero();
    }

    @Test
    void onlyTheLastAreRemembered() {
        IntStream.range(0, 230).forEach(i -> set("Juliet " + i, false));

        assertThat(outcomes()).isBetween(200L, 201L);
        assertThat(again(229).pushes().getFirst().version()).endsWith("-230");
    }

    @Test
    void oldOnesAreForgotten() {
        set("Juliet", false);
        set("Giulietta", false);
        roster.select("UPDATE roster_outcome SET made_at = now() - interval '2 hours' WHERE number = 0", Tuple.tuple());

        new RosterService(roster.pool(), RosterConfig.DEFAULTS).forgetOldOutcomes(); // blocks this thread
        assertThat(outcomes()).isOne();
    }

    private long outcomes() {
        return roster.select("SELECT count(*) FROM roster_outcome", Tuple.tuple())
                .iterator()
                .next()
                .getLong(0);
    }
}
