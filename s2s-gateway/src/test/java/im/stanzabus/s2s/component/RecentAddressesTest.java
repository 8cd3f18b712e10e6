package im.stanzabus.s2s.component;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentAddressesTest {
    private final RecentAddresses recent = new RecentAddresses();

    @Test
    void anAddressIsNewOnceAMinute() {
        assertThat(recent.isNew("192.0.2.1", 0)).isTrue();
        assertThat(recent.isNew("192.0.2.1", 59_999)).isFalse();
        assertThat(recent.isNew("192.0.2.2", 59_999)).isTrue();
        assertThat(recent.isNew("192.0.2.1", 60_000)).isTrue();
        assertThat(recent.isNew("192.0.2.1", 119_999)).isFalse();
    }

    @Test
    void noneIsWhileThereAreVeryMany() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(recent.isNew("2001:db8::" + i, i)).isTrue();
        }
        assertThat(recent.isNew("192.0.2.1", 59_999)).isFalse();
        assertThat(recent.isNew("192.0.2.1", 60_000)).isTrue();
    }
}
