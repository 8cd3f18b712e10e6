package im.stanzabus.session;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.stanza.Jid;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// XEP-0191 section 5.
class BlockListTest {
    @ParameterizedTest
    @CsvSource({
        "a@b/c, a@b/c, true",
        "a@b/c, a@b/d, false",
        "a@b/c, a@b, false",
        "a@b, a@b/c, true",
        "a@b, a@b, true",
        "a@b, x@b, false",
        "b/c, b/c, true",
        "b/c, a@b/c, true",
        "b/c, a@b/d, false",
        "b, a@b/c, true",
        "b, b, true",
        "b, b/c, true",
        "b, a@sub.b, false",
    })
    void matches(String listed, String entity, boolean blocked) {
        assertThat(new BlockList(List.of(Jid.of(listed))).blocks(Jid.of(entity)))
                .isEqualTo(blocked);
    }
}
