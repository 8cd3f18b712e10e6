package im.stanzabus.stream.tls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TlsEngineTest {
    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void bothCanBeUsedWhereTheTestsRun(TlsEngine engine) {
        assertThat(engine.missing()).isEmpty();
    }

    @Test
    void theReasonIsToldAndNotWhereTheLibraryWasLookedFor() {
        IllegalArgumentException failure = new IllegalArgumentException("Failed to load any of the given libraries");
        failure.addSuppressed(new UnsatisfiedLinkError("no netty_tcnative in java.library.path"));
        UnsatisfiedLinkError unpacked = new UnsatisfiedLinkError("could not load a native library");
        unpacked.addSuppressed(new UnsatisfiedLinkError(
                "/tmp/netty.so: failed to map segment from shared object: not permitted\nmore"));
        failure.addSuppressed(unpacked);

        assertThat(TlsEngine.reason(new IllegalStateException(failure)))
                .isEqualTo("/tmp/netty.so: failed to map segment from shared object: not permitted");
    }

    @Test
    void aReasonWithoutWordsIsTheErrorItself() {
        assertThat(TlsEngine.reason(new IllegalStateException())).isEqualTo("java.lang.IllegalStateException");
    }
}
