package im.stanzabus.offline.archive;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final int INSIDE = 4;

    private final AtomicLong now = new AtomicLong();
    private final Gate gate = new Gate(INSIDE, now::get);
    private final List<Promise<String>> begun = new ArrayList<>();
    private final List<String> order = new ArrayList<>();
    private int others;

    /// Of an account that asks for nothing else.
    private Future<String> enter() {
        return enter("other" + others++);
    }

    private Future<String> enter(String account) {
        return gate.through(Jid.of(account + "@localhost"), () -> {
            Promise<String> work = Promise.promise();
            begun.add(work);
            order.add(account);
            return work.future();
        });
    }

    private static void assertRefused(Future<String> refused) {
        assertThat(refused.cause())
                .isInstanceOfSatisfying(
                        BusFailure.class,
                        failure -> assertThat(failure.error().condition()).isEqualTo(Condition.RESOURCE_CONSTRAINT));
    }

    @Test
    void letsTheNextInWhenOneLeavesHoweverItLeaves() {
        for (int i = 0; i < INSIDE + 3; i++) {
            enter();
        }
        assertThat(begun).hasSize(INSIDE);
        begun.get(0).complete("done");
        assertThat(begun).hasSize(INSIDE + 1);
        begun.get(1).fail("it failed");
        begun.get(2).complete("done");
        assertThat(begun).hasSize(INSIDE + 3);
        List.copyOf(begun).forEach(work -> work.tryComplete("done"));
        enter();
        assertThat(begun).hasSize(INSIDE + 4);
    }

    @Test
    void refusesWhoCannotEvenWait() {
        for (int i = 0; i < INSIDE + Gate.WAITING; i++) {
            assertThat(enter().isComplete()).isFalse();
        }
        assertRefused(enter());
        begun.getFirst().complete("done");
        assertThat(enter().isComplete()).isFalse();
    }

    @Test
    void oneAccountHasItsShareAndTheOthersComeBetween() {
        int mine = Gate.INSIDE_PER_ACCOUNT + Gate.WAITING_PER_ACCOUNT;
        for (int i = 0; i < mine; i++) {
            assertThat(enter("flood").isComplete()).isFalse();
        }
        assertRefused(enter("flood"));
        assertThat(begun).hasSize(Gate.INSIDE_PER_ACCOUNT);
        for (int i = 0; i < 4; i++) {
            enter("u" + i);
        }
        assertThat(order).containsExactly("flood", "flood", "u0", "u1");
        begun.get(0).complete("done");
        begun.get(1).complete("done");
        assertThat(order).as("who came later is not behind the flood").endsWith("u2", "u3");
        for (int i = 0; i < begun.size(); i++) {
            begun.get(i).tryComplete("done");
        }
        assertThat(order).hasSize(mine + 4);
        assertThat(enter("flood").isComplete()).isFalse();
    }

    @Test
    void doesNotBeginWhatNobodyWaitsForAnyMore() {
        for (int i = 0; i < INSIDE; i++) {
            enter();
        }
        Future<String> old = enter();
        now.set(Gate.PATIENCE_NANOS);
        Future<String> young = enter();
        now.addAndGet(1);
        begun.getFirst().complete("done");
        assertRefused(old);
        assertThat(begun).hasSize(INSIDE + 1);
        begun.getLast().complete("found");
        assertThat(young.result()).isEqualTo("found");
    }

    /// Work that cannot even begin gives its place back too.
    @Test
    void survivesWorkThatThrows() {
        for (int i = 0; i < 3 * INSIDE; i++) {
            Future<String> thrown = gate.through(Jid.of("u@localhost"), () -> {
                throw new IllegalStateException("at once");
            });
            assertThat(thrown.failed()).isTrue();
        }
        enter();
        assertThat(begun).hasSize(1);
    }
}
