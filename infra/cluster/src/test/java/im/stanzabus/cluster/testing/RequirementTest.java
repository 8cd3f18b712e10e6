package im.stanzabus.cluster.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A test is skipped for want of something on a machine of somebody's own only.
class RequirementTest {
    private final List<String> skipped = new ArrayList<>();

    @Test
    void whatIsThereSkipsNothing() {
        Requirement.of(true, "no ip", skipped::add, true);
        Requirement.of(true, "no ip", skipped::add, false);
        assertThat(skipped).isEmpty();
    }

    @Test
    void whatIsMissingSkipsWithTheReason() {
        Requirement.of(false, "no ip", skipped::add, false);
        assertThat(skipped).containsExactly("no ip");
    }

    @Test
    void whatIsMissingWhereTheProjectIsCheckedFails() {
        assertThatThrownBy(() -> Requirement.of(false, "no ip", skipped::add, true))
                .isInstanceOf(AssertionError.class)
                .hasMessage("no ip");
        assertThat(skipped).isEmpty();
    }
}
