package im.stanzabus.bus;

import static im.stanzabus.bus.testing.FakeMembership.leavingMember;
import static im.stanzabus.bus.testing.FakeMembership.member;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ViewTest {
    private final View view = new View(List.of(
            member("n2", "log", "sm.1", "sm.0"), leavingMember("n3", "log", "sm.0"), member("n1", "log", "c2s.0")));

    @Test
    void membersAreSortedWhoeverMadeTheView() {
        assertThat(view.members()).extracting(member -> member.node().name()).containsExactly("n1", "n2", "n3");
    }

    @Test
    void whoLeavesIsGivenNothingNew() {
        assertThat(view.serving("log")).containsExactly("log@n1", "log@n2");
        assertThat(view.serving("sm.0")).containsExactly("sm.0@n2");
        assertThat(view.serving("roster")).isEmpty();
    }

    @Test
    void namesAreFoundByTheirBeginning() {
        assertThat(view.servingAll("sm.", false)).containsExactly("sm.0@n2", "sm.1@n2");
        assertThat(view.servingAll("sm.", true)).containsExactly("sm.0@n2", "sm.1@n2", "sm.0@n3");
    }

    @Test
    void membersAreFoundByTheirNode() {
        assertThat(view.has(new NodeId("n3"))).isTrue();
        assertThat(view.member(new NodeId("n4"))).isNull();
    }
}
