package im.stanzabus.roster;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.bus.api.RosterItem.Subscription;
import im.stanzabus.bus.api.RosterRequest.Changes;
import im.stanzabus.bus.api.RosterRequest.Push;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaType;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Roster versioning (RFC 6121 section 2.6) on PostgreSQL.
@Timeout(60)
class RosterVersionsTest {
    private static final RosterConfig CONFIG = new RosterConfig(100, 100, 10, 100, 10, 1000, 10, 2, Duration.ofDays(1));
    private static final AtomicInteger USERS = new AtomicInteger();

    private final RosterInstances roster = new RosterInstances();
    private final Jid romeo = Jid.of("romeo" + USERS.incrementAndGet() + "@example.org");
    private final Jid juliet = Jid.of("juliet@example.net");
    private final Jid mercutio = Jid.of("mercutio@example.org");
    private final Jid benvolio = Jid.of("benvolio@example.org");

    @BeforeEach
    void start() {
        roster.start(CONFIG);
    }

    @AfterEach
    void stop() {
        roster.close();
    }

    @Test
    void nothingChangedSinceTheNewestVersion() {
        roster.set(romeo, juliet, "Juliet");

        assertThat(roster.changesSince(romeo, roster.load(romeo).version())).isEqualTo(new Changes(true, List.of()));
    }

    /// Section 2.6.3: only the final result of several changes, in order, each with a version of its own.
    @Test
    void eachChangedItemComesOnceAsItIsNow() {
        roster.set(romeo, juliet, "Juliet");
        roster.set(romeo, mercutio, "Mercutio");
        roster.set(romeo, benvolio, "Benvolio");
        String known = roster.load(romeo).version();
        roster.outbound(StanzaType.SUBSCRIBE, romeo, juliet);
        Push removed = roster.remove(romeo, mercutio).pushes().getFirst();
        Push changed =
                roster.inbound(StanzaType.SUBSCRIBED, romeo, juliet).pushes().getFirst();

        Changes changes = roster.changesSince(romeo, known);

        assertThat(changes).isEqualTo(new Changes(true, List.of(removed, changed)));
        assertThat(removed.item().subscription()).isEqualTo(Subscription.REMOVE);
        assertThat(changed.item())
                .isEqualTo(new RosterItem(juliet, "Juliet", List.of(), Subscription.TO, false, false));
        assertThat(changed.version()).isEqualTo(roster.load(romeo).version());
    }

    @Test
    void aContactAddedAgainIsNoRemovalAnyMore() {
        roster.set(romeo, juliet, "Juliet");
        String known = roster.load(romeo).version();
        roster.remove(romeo, juliet);
        Push again = roster.set(romeo, juliet, "Again").pushes().getFirst();

        assertThat(roster.changesSince(romeo, known)).isEqualTo(new Changes(true, List.of(again)));
    }

    /// Section 2.6.3, definition of a roster modification.
    @Test
    void whatIsNotPushedMakesNoVersion() {
        roster.set(romeo, juliet, "Juliet");
        String version = roster.load(romeo).version();

        roster.inbound(StanzaType.SUBSCRIBE, romeo, juliet);
        roster.block(romeo, mercutio);
        roster.outbound(StanzaType.UNSUBSCRIBED, romeo, juliet);

        assertThat(roster.load(romeo).version()).isEqualTo(version);
    }

    @Test
    void versionsNobodyHadAreUnknown() {
        roster.set(romeo, juliet, "Juliet");
        String version = roster.load(romeo).version();
        String tooNew = version.substring(0, version.indexOf('-')) + "-99";

        for (String unknown : List.of("", "ver7", "-", "0", "1", "x-1", tooNew, version + "0", version + "x")) {
            assertThat(roster.changesSince(romeo, unknown)).as(unknown).isEqualTo(new Changes(false, List.of()));
        }
        assertThat(roster.changesSince(benvolio, version).known())
                .as("a roster without any change")
                .isFalse();
    }

    /// Two removed contacts are remembered here: what is older than the one forgotten is too old.
    @Test
    void removedContactsBeyondTheLimitMakeOldVersionsUnknown() {
        roster.set(romeo, juliet, null);
        roster.set(romeo, mercutio, null);
        roster.set(romeo, benvolio, null);
        String beforeAll = roster.load(romeo).version();
        String afterFirst = roster.remove(romeo, juliet).pushes().getFirst().version();
        roster.remove(romeo, mercutio);

        assertThat(roster.changesSince(romeo, beforeAll).changes()).hasSize(2);

        roster.remove(romeo, benvolio);

        assertThat(roster.changesSince(romeo, beforeAll).known()).isFalse();
        assertThat(roster.changesSince(romeo, afterFirst).changes())
                .extracting(push -> push.item().jid())
                .containsExactly(mercutio, benvolio);
    }

    @Test
    void removedContactsAreForgottenAfterAWhile() {
        roster.set(romeo, juliet, null);
        roster.set(romeo, mercutio, null);
        String beforeAll = roster.load(romeo).version();
        String afterFirst = roster.remove(romeo, juliet).pushes().getFirst().version();
        roster.select(
                "UPDATE roster_removed SET removed_at = now() - interval '2 days' WHERE owner = $1",
                Tuple.of(romeo.toString()));

        roster.remove(romeo, mercutio);

        assertThat(roster.changesSince(romeo, beforeAll).known()).isFalse();
        assertThat(roster.changesSince(romeo, afterFirst).changes()).hasSize(1);
    }

    /// An account of the same name that is made again must not be taken for the old one.
    @Test
    void versionsOfARemovedAccountAreUnknown() {
        roster.set(romeo, juliet, "Juliet");
        String old = roster.load(romeo).version();
        roster.purge(romeo);
        assertThat(roster.changesSince(romeo, old).known()).isFalse();

        roster.set(romeo, mercutio, "Mercutio");

        assertThat(roster.changesSince(romeo, old).known()).isFalse();
        assertThat(roster.load(romeo).version()).isNotEqualTo(old);
    }

    @Test
    void everythingOutlivesTheService() {
        roster.set(romeo, juliet, "Juliet", "Verona");
        roster.inbound(StanzaType.SUBSCRIBE, romeo, mercutio);
        roster.block(romeo, benvolio);
        var before = roster.load(romeo);

        roster.stopAll();
        roster.start(CONFIG);

        assertThat(roster.load(romeo)).isEqualTo(before);
        assertThat(roster.changesSince(romeo, before.version())).isEqualTo(new Changes(true, List.of()));
    }
}
