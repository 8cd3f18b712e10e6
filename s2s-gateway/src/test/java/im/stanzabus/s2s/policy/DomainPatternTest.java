package im.stanzabus.s2s.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainPatternTest {
    @ParameterizedTest
    @CsvSource({
        "example.org,         example.org,         true",
        "example.org,         a.example.org,       false",
        "example.org,         example.com,         false",
        "EXAMPLE.org.,        example.org,         true",
        "*.example.org,       a.example.org,       true",
        "*.example.org,       b.a.example.org,     true",
        "*.example.org,       example.org,         false",
        "*.example.org,       badexample.org,      false",
        "*.example.org,       example.org.evil.example, false",
        "*,                   example.org,         true",
        "*,                   localhost,           true",
        "127.0.0.1,           127.0.0.1,           true",
        "xn--mnchen-3ya.example, m\u00fcnchen.example, true"
    })
    void matches(String pattern, String domain, boolean expected) {
        assertThat(DomainPattern.parse(pattern).matches(domain)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "*,             *,                 true",
        "*,             *.example.org,     true",
        "*,             example.org,       true",
        "*.example.org, *,                 false",
        "*.example.org, *.example.org,     true",
        "*.example.org, *.a.example.org,   true",
        "*.example.org, a.example.org,     true",
        "*.example.org, example.org,       false",
        "*.a.example.org, *.example.org,   false",
        "example.org,   example.org,       true",
        "example.org,   *.example.org,     false",
        "example.org,   *,                 false"
    })
    void covers(String pattern, String other, boolean expected) {
        assertThat(DomainPattern.parse(pattern).covers(DomainPattern.parse(other)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "**", "*example.org", "a.*.org", "*.", "*.*.org", "romeo@example.org", "example.org/x", "a b"
            })
    void nothingElseIsAPattern(String text) {
        assertThat(DomainPattern.parse(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "*.example.org", "example.org"})
    void isWrittenAsItWasRead(String text) {
        assertThat(DomainPattern.parse(text)).hasToString(text);
    }
}
