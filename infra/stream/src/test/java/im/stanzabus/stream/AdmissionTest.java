package im.stanzabus.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static Admission of(int connections, int perAddress) {
        return new Admission(connections, perAddress);
    }

    @Test
    void whatIsReleasedMayBeTakenAgain() {
        Admission admission = of(0, 2);
        assertThat(admission.admit("192.0.2.1")).isTrue();
        assertThat(admission.admit("192.0.2.1")).isTrue();
        assertThat(admission.admit("192.0.2.1")).isFalse();
        assertThat(admission.admit("192.0.2.2")).isTrue();
        admission.release("192.0.2.1");
        assertThat(admission.admit("192.0.2.1")).isTrue();
        assertThat(admission.admit("192.0.2.1")).isFalse();
    }

    @Test
    void anIpv6NetworkIsOneAddress() {
        Admission admission = of(0, 1);
        assertThat(admission.admit("2001:db8::1")).isTrue();
        assertThat(admission.admit("2001:db8:0:0:ffff::2")).isFalse();
        assertThat(admission.admit("2001:db8:0:1::1")).isTrue();
    }

    @Test
    void theLimitOfAllHoldsForAllAddresses() {
        Admission admission = of(2, 0);
        assertThat(admission.admit("192.0.2.1")).isTrue();
        assertThat(admission.admit("192.0.2.2")).isTrue();
        assertThat(admission.admit("192.0.2.3")).isFalse();
        admission.release("192.0.2.2");
        assertThat(admission.admit("192.0.2.3")).isTrue();
    }
}
