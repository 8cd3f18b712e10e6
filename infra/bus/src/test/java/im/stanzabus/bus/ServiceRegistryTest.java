package im.stanzabus.bus;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.testing.FakeMembership;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServiceRegistryTest {
    private static final ServiceDescriptor ROSTER = ServiceDescriptor.internal("roster-service", "1", true);
    private static final ServiceDescriptor LOG = ServiceDescriptor.internal("offline-service", "1", true);

    private final FakeMembership membership = new FakeMembership("n1");
    private final ServiceRegistry registry = new ServiceRegistry(membership);

    @Test
    void aServiceOfThisProcessIsKnownUntilItIsWithdrawn() {
        registry.announce(ROSTER);
        assertThat(registry.living()).containsExactly(ROSTER);
        registry.withdraw(ROSTER);
        assertThat(registry.living()).isEmpty();
    }

    @Test
    void servicesOfOthersComeAndGoWithTheirProcesses() {
        registry.announce(ROSTER);
        membership.others(process("n2", ROSTER, LOG), process("n3", LOG));
        assertThat(registry.living()).containsExactlyInAnyOrder(ROSTER, LOG);
        membership.others(process("n3", LOG));
        assertThat(registry.living()).containsExactlyInAnyOrder(ROSTER, LOG);
        membership.others();
        assertThat(registry.living()).containsExactly(ROSTER);
    }

    @Test
    void whatWasThereBeforeIsKnownFromTheStart() {
        membership.others(process("n2", LOG));
        assertThat(new ServiceRegistry(membership).living()).containsExactly(LOG);
    }

    private static Member process(String node, ServiceDescriptor... services) {
        return new Member(new NodeId(node), "test", List.of(services), Set.of(), false);
    }
}
