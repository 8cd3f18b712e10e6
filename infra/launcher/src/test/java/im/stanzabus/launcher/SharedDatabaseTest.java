package im.stanzabus.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Member;
import im.stanzabus.bus.Membership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.View;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who lives elsewhere for good is refused: see `JoinFailureTest` of the server.
@Timeout(30)
class SharedDatabaseTest {
    private final Deque<View> views = new ArrayDeque<>();
    private final AtomicInteger questions = new AtomicInteger();

    /// What is seen, once each; the last stays.
    private Membership sees(View... seen) {
        views.addAll(List.of(seen));
        return new Membership() {
            @Override
            public NodeId self() {
                return new NodeId("me");
            }

            @Override
            public View view() {
                return views.size() > 1 ? views.remove() : views.element();
            }

            @Override
            public Runnable listen(Consumer<View> listener) {
                return () -> {};
            }

            @Override
            public void change(UnaryOperator<Member> change) {}
        };
    }

    private static View view(String... nodes) {
        return new View(Arrays.stream(nodes)
                .map(node -> new Member(new NodeId(node), "1", List.of(), Set.of(), false))
                .toList());
    }

    private void check(Membership membership, List<Future<Set<String>>> answers) {
        new SharedDatabase(() -> answers.get(questions.getAndIncrement())).check(membership);
    }

    @Test
    void whoIsAloneNeedNotAsk() {
        check(sees(view("me")), List.of());
        assertThat(questions).hasValue(0);
    }

    @Test
    void oneOfTheOthersIsEnough() {
        check(sees(view("me", "a", "b")), List.of(Future.succeededFuture(Set.of("me", "b"))));
        assertThat(questions).hasValue(1);
    }

    @Test
    void whoLeavesMayBeOffTheDatabase() {
        check(sees(view("me", "a"), view("me")), List.of(Future.succeededFuture(Set.of("me"))));
        assertThat(questions).hasValue(1);
    }

    @Test
    void theDatabaseIsAskedAgain() {
        check(
                sees(view("me", "a")),
                List.of(
                        Future.failedFuture(new IllegalStateException("away")),
                        Future.succeededFuture(Set.of("me")),
                        Future.succeededFuture(Set.of("me", "a"))));
        assertThat(questions).hasValue(3);
    }
}
