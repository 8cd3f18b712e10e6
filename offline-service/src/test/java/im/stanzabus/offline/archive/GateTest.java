package im.stanzabus.offline.archive;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateTest {
    private final Gate gate = new Gate();
    private final List<Promise<String>> begun = new ArrayList<>();

    private Future<String> enter() {
        return gate.through(() -> {
            Promise<String> work = Promise.promise();
            begun.add(work);
            return work.future();
        });
    }

    @Test
    void letsTheNextInWhenOneLeavesHoweverItLeaves() {
        for (int i = 0; i < Gate.INSIDE + 3; i++) {
            enter();
        }
        assertThat(begun).hasSize(Gate.INSIDE);
        begun.get(0).complete("done");
        assertThat(begun).hasSize(Gate.INSIDE + 1);
        begun.get(1).fail("it failed");
        begun.get(2).complete("done");
        assertThat(begun).hasSize(Gate.INSIDE + 3);
        List.copyOf(begun).forEach(work -> work.tryComplete("done"));
        enter();
        assertThat(begun).hasSize(Gate.INSIDE + 4);
    }

    @Test
    void refusesWhoCannotEvenWait() {
        for (int i = 0; i < Gate.INSIDE + Gate.WAITING; i++) {
            assertThat(enter().isComplete()).isFalse();
        }
        Future<String> refused = enter();
        assertThat(refused.cause())
                .isInstanceOfSatisfying(
                        BusFailure.class,
                        failure -> assertThat(failure.error().condition()).isEqualTo(Condition.RESOURCE_CONSTRAINT));
        begun.getFirst().complete("done");
        assertThat(enter().isComplete()).isFalse();
    }

    /// Work that cannot even begin gives its place back too.
    @Test
    void survivesWorkThatThrows() {
        for (int i = 0; i < 3 * Gate.INSIDE; i++) {
            Future<String> thrown = gate.through(() -> {
                throw new IllegalStateException("at once");
            });
            assertThat(thrown.failed()).isTrue();
        }
        enter();
        assertThat(begun).hasSize(1);
    }
}
