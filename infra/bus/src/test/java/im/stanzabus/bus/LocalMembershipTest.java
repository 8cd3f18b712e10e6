package im.stanzabus.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalMembershipTest {
    private static final ServiceDescriptor ROSTER = ServiceDescriptor.internal("roster-service", "1", true);

    private final LocalMembership membership = new LocalMembership(new NodeId("n"), "1.2");
    private final List<View> seen = new ArrayList<>();

    @Test
    void itIsItsOnlyMember() {
        assertThat(membership.view().members())
                .containsExactly(new Member(new NodeId("n"), "1.2", List.of(), java.util.Set.of(), false));
    }

    @Test
    void whatItOffersIsServedUntilItIsTakenBack() {
        membership.offer("log");
        assertThat(membership.view().serving("log")).containsExactly("log@n");
        membership.retract("log");
        assertThat(membership.view().serving("log")).isEmpty();
    }

    @Test
    void whatItAnnouncesIsThereOnce() {
        membership.announce(ROSTER);
        membership.announce(ROSTER);
        assertThat(me().services()).containsExactly(ROSTER);
        membership.withdraw(ROSTER);
        assertThat(me().services()).isEmpty();
    }

    @Test
    void aLeavingMemberIsThereButChosenForNothingNew() {
        membership.offer("sm.0");
        membership.leaving();
        assertThat(me().leaving()).isTrue();
        assertThat(membership.view().serving("sm.0")).isEmpty();
        assertThat(membership.view().servingAll("sm.", false)).isEmpty();
        assertThat(membership.view().servingAll("sm.", true)).containsExactly("sm.0@n");
    }

    @Test
    void listenersAreToldEachChangeAndNothingElse() {
        Runnable end = membership.listen(seen::add);
        membership.offer("a");
        membership.offer("a");
        membership.retract("b");
        membership.offer("c");
        assertThat(seen).hasSize(2);
        assertThat(seen.getLast()).isEqualTo(membership.view());
        end.run();
        membership.offer("d");
        assertThat(seen).hasSize(2);
    }

    private Member me() {
        return membership.view().members().getFirst();
    }
}
