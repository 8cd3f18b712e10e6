package im.stanzabus.profile;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.LastSeen;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastSeenWriterTest {
    private static final Instant T0 = Instant.parse("2026-03-01T12:00:00Z");
    private static final int MAX_WAITING = 3 * LastSeenWriter.AT_ONCE;

    private final List<List<LastSeen>> written = new ArrayList<>();
    private final List<Promise<Void>> commits = new ArrayList<>();
    private long nanos;
    private final LastSeenWriter writer = new LastSeenWriter(this::commit, new Forgotten(() -> nanos), MAX_WAITING);

    private Future<?> commit(Collection<LastSeen> batch) {
        written.add(List.copyOf(batch));
        Promise<Void> promise = Promise.promise();
        commits.add(promise);
        return promise.future();
    }

    @Test
    void whatArrivesDuringACommitIsWrittenTogether() {
        Future<Done> first = writer.write(seen("a", 0));
        Future<Done> second = writer.write(seen("b", 1));
        Future<Done> third = writer.write(seen("c", 2));
        assertThat(written).containsExactly(List.of(seen("a", 0)));
        assertThat(first.isComplete()).isFalse();

        commits.getFirst().complete();
        assertThat(first.succeeded()).isTrue();
        assertThat(written).hasSize(2);
        assertThat(written.getLast()).containsExactly(seen("b", 1), seen("c", 2));
        assertThat(second.isComplete()).isFalse();

        commits.getLast().complete();
        assertThat(second.succeeded()).isTrue();
        assertThat(third.succeeded()).isTrue();
        assertThat(written).hasSize(2);
    }

    @Test
    void ofAnAccountOnlyTheNewestIsWritten() {
        writer.write(seen("z", 0));
        Future<Done> newer = writer.write(seen("a", 5));
        Future<Done> older = writer.write(seen("a", 3));
        Future<Done> newest = writer.write(seen("a", 7));
        commits.getFirst().complete();
        assertThat(written.getLast()).containsExactly(seen("a", 7));
        commits.getLast().complete();
        assertThat(List.of(newer, older, newest)).allMatch(Future::succeeded);
    }

    @Test
    void aMassLogoutTakesAFewStatements() {
        int accounts = 2 * LastSeenWriter.AT_ONCE + 1;
        for (int i = 0; i <= accounts; i++) {
            writer.write(seen("u" + i, i));
        }
        for (int i = 0; i < commits.size(); i++) {
            commits.get(i).complete();
        }
        assertThat(written.stream().map(List::size))
                .containsExactly(1, LastSeenWriter.AT_ONCE, LastSeenWriter.AT_ONCE, 1);
    }

    @Test
    void aFailureReachesThoseItConcernsAndTheNextAreWritten() {
        Future<Done> first = writer.write(seen("a", 0));
        Future<Done> second = writer.write(seen("b", 1));
        commits.getFirst().fail("gone");
        assertThat(first.failed()).isTrue();
        commits.getLast().complete();
        assertThat(second.succeeded()).isTrue();
    }

    @Test
    void waitingIsBounded() {
        for (int i = 0; i <= MAX_WAITING; i++) {
            writer.write(seen("u" + i, i));
        }
        Future<Done> refused = writer.write(seen("one-more", 0));
        assertThat(((BusFailure) refused.cause()).error().condition()).isEqualTo(Condition.RESOURCE_CONSTRAINT);
        assertThat(writer.write(seen("u1", 100_000)).isComplete()).isFalse(); // has its place already
    }

    @Test
    void aForgottenAccountIsNotWrittenAnyMore() {
        writer.write(seen("a", 0));
        Future<Done> waiting = writer.write(seen("b", 1));
        Future<Void> forgotten = writer.forget(jid("b"));
        assertThat(waiting.succeeded()).isTrue();
        assertThat(forgotten.isComplete()).as("a commit is under way").isFalse();
        commits.getFirst().complete();
        assertThat(forgotten.succeeded()).isTrue();

        assertThat(writer.write(seen("b", 2)).succeeded()).isTrue();
        assertThat(written).hasSize(1);
        nanos = Forgotten.KEPT_NANOS + 1;
        writer.write(seen("b", 3));
        assertThat(written.getLast()).containsExactly(seen("b", 3));
    }

    @Test
    void forgettingWithoutACommitUnderWayIsDoneAtOnce() {
        assertThat(writer.forget(jid("a")).succeeded()).isTrue();
    }

    @Test
    void aLongStatusIsCutBetweenCharacters() {
        String long1 = "x".repeat(LastSeenWriter.MAX_STATUS_LENGTH - 1) + "\uD83D\uDE00";
        writer.write(new LastSeen(jid("a"), T0, long1));
        assertThat(written.getFirst().getFirst().status()).isEqualTo(long1.substring(0, long1.length() - 2));
        commits.getFirst().complete();
        String fits = "y".repeat(LastSeenWriter.MAX_STATUS_LENGTH);
        writer.write(new LastSeen(jid("a"), T0, fits + "z"));
        assertThat(written.getLast().getFirst().status()).isEqualTo(fits);
    }

    private static LastSeen seen(String name, int second) {
        return new LastSeen(jid(name), T0.plusSeconds(second), "");
    }

    private static Jid jid(String name) {
        return Jid.of(name + "@capulet.example");
    }
}
