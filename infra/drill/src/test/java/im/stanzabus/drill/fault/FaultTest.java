package im.stanzabus.drill.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.drill.cluster.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FaultTest {
    private static final List<Fault> ALL = Fault.all(Layout.GROUPED, false);

    private static List<String> names(List<Fault> faults) {
        return faults.stream().map(Fault::name).toList();
    }

    @Test
    void eachKindOfProcessCanBeKilledAndFrozen() {
        assertThat(names(ALL))
                .containsExactly(
                        "kill-c2s-gateway",
                        "kill-session-service",
                        "kill-services",
                        "freeze-c2s-gateway",
                        "freeze-session-service",
                        "freeze-services",
                        "kill-postgresql",
                        "split-network",
                        "split-network-and-database",
                        "rolling-restart");
        assertThat(names(Fault.all(Layout.APART, false))).contains("kill-auth-service", "freeze-profile-service");
        assertThat(names(Fault.all(Layout.ONE, false)))
                .containsExactly("kill-server", "freeze-server", "kill-postgresql", "rolling-restart");
        assertThat(names(Fault.all(Layout.ONE, true))).contains("rolling-restart", "rolling-upgrade");
        assertThat(names(ALL)).doesNotContain("rolling-upgrade");
    }

    @Test
    void beginningsOfNamesSelect() {
        assertThat(names(Fault.select(ALL, List.of("freeze-s", "Kill-post"))))
                .containsExactly("freeze-session-service", "freeze-services", "kill-postgresql");
        assertThatThrownBy(() -> Fault.select(ALL, List.of("kill", "drown")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'drown'")
                .hasMessageContaining("rolling-restart");
    }

    @Test
    void aRoundHasEveryFaultOnceAndTheSeedDecidesTheOrder() {
        FaultPlan plan = new FaultPlan(ALL, new Random(5));
        FaultPlan same = new FaultPlan(ALL, new Random(5));
        List<Fault> first = take(plan, ALL.size());
        assertThat(plan.completedRounds()).isEqualTo(1);
        List<Fault> second = take(plan, ALL.size());

        assertThat(first).containsExactlyInAnyOrderElementsOf(ALL);
        assertThat(second).containsExactlyInAnyOrderElementsOf(ALL).isNotEqualTo(first);
        assertThat(take(same, ALL.size())).isEqualTo(first);
        assertThat(take(same, 3)).isEqualTo(second.subList(0, 3));
        assertThat(same.completedRounds()).isEqualTo(1);
    }

    private static List<Fault> take(FaultPlan plan, int many) {
        List<Fault> taken = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            taken.add(plan.next());
        }
        return taken;
    }
}
