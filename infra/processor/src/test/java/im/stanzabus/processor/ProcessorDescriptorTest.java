package im.stanzabus.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import im.stanzabus.stanza.Stanza;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessorDescriptorTest {
    @Test
    void isForNothingUntilItSaysFor() {
        ProcessorDescriptor plain = ProcessorDescriptor.named("plain").build();

        assertThat(plain.order()).isZero();
        assertThat(plain.before()).isEmpty();
        assertThat(plain.answers()).isNull();
        assertThat(plain.after()).isEmpty();
        assertThat(plain.outgoing()).isEmpty();
        assertThat(plain.dropsMessages()).isFalse();
    }

    @Test
    void saysWhatWasSaid() {
        Selector presence = Selector.all(Stanza.Kind.PRESENCE);
        ProcessorDescriptor full = ProcessorDescriptor.named("full-2")
                .order(-7)
                .before(presence)
                .answers("urn:x", IqTarget.HOST, IqTarget.OWN)
                .after(presence)
                .outgoing(presence)
                .hostFeature("urn:x")
                .accountFeature("urn:y")
                .setting("how-many", "3")
                .dropsMessages()
                .build();

        assertThat(full.name()).isEqualTo("full-2");
        assertThat(full.order()).isEqualTo(-7);
        assertThat(full.before()).containsExactly(presence);
        assertThat(full.answers().namespace()).isEqualTo("urn:x");
        assertThat(full.answers().targets()).containsExactlyInAnyOrder(IqTarget.HOST, IqTarget.OWN);
        assertThat(full.after()).containsExactly(presence);
        assertThat(full.outgoing()).containsExactly(presence);
        assertThat(full.hostFeatures()).containsExactly("urn:x");
        assertThat(full.accountFeatures()).containsExactly("urn:y");
        assertThat(full.settings()).containsEntry("how-many", "3");
        assertThat(full.dropsMessages()).isTrue();
    }

    /// Names are keys of the configuration, and parts of environment variables.
    @ParameterizedTest
    @ValueSource(strings = {"", "Word", "a.b", "a_b", "-a", "a-", "a--b", "a b", "ä"})
    void refusesNamesThatAreNoKeys(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProcessorDescriptor.named(name).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        ProcessorDescriptor.named("good").setting(name, "").build());
    }
}
