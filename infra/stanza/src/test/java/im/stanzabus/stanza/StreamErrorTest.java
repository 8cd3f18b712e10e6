package im.stanzabus.stanza;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StreamErrorTest {
    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsRead(StreamError.Condition condition) {
        StreamError error = StreamError.of(condition, "why");
        assertThat(StreamError.parse(error.toElement())).isEqualTo(error);
        assertThat(StreamError.parse(StreamError.of(condition).toElement())).isEqualTo(StreamError.of(condition));
    }

    @Test
    void whatIsNotKnownIsUndefined() {
        Element.Builder error = Element.builder("error", Namespaces.STREAMS).text("gone");
        assertThat(StreamError.parse(error.build()).condition()).isEqualTo(StreamError.Condition.UNDEFINED_CONDITION);
        error.child(Element.of("weather", Namespaces.STREAM_ERRORS)).child(Element.of("conflict", "urn:x"));
        assertThat(StreamError.parse(error.build()))
                .isEqualTo(StreamError.of(StreamError.Condition.UNDEFINED_CONDITION));
    }
}
