package im.stanzabus.stanza;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JidTest {
    /// The addresses of RFC 7622 section 3.5, table 1, in prepared form behind the bar.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "juliet@example.com | juliet@example.com",
                "juliet@example.com/foo | juliet@example.com/foo",
                "juliet@example.com/foo bar | juliet@example.com/foo bar",
                "juliet@example.com/foo@bar | juliet@example.com/foo@bar",
                "foo\\20bar@example.com | foo\\20bar@example.com",
                "fussball@example.com | fussball@example.com",
                "fu\u00dfball@example.com | fu\u00dfball@example.com",
                "\u03c0@example.com | \u03c0@example.com",
                "\u03a3@example.com/foo | \u03c3@example.com/foo",
                "\u03c3@example.com/foo | \u03c3@example.com/foo",
                "\u03c2@example.com/foo | \u03c2@example.com/foo",
                "king@example.com/\u265a | king@example.com/\u265a",
                "example.com | example.com",
                "example.com/foobar | example.com/foobar",
                "a.example.com/b@example.net | a.example.com/b@example.net",
            })
    void acceptsTheValidExamplesOfTheRfc(String text, String prepared) throws JidSyntaxException {
        assertThat(Jid.parse(text)).hasToString(prepared);
    }

    /// RFC 7622 section 3.5, table 2.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"juliet\"@example.com",
                "foo bar@example.com",
                "juliet@example.com/ foo",
                "@example.com/",
                "henry\u2163@example.com",
                "\u265a@example.com",
                "juliet@",
                "/foobar",
            })
    void refusesTheInvalidExamplesOfTheRfc(String text) {
        assertThatThrownBy(() -> Jid.parse(text)).isInstanceOf(JidSyntaxException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Juliet@Example.COM/Balcony | juliet@example.com/Balcony",
                "example.com. | example.com",
                "\uff21\uff22@example.com | ab@example.com",
                "a@b\u3002example | a@b.example",
                "b\u00fccher.example | b\u00fccher.example",
                "B\u00dcCHER.example | b\u00fccher.example",
                "xn--bcher-kva.example | b\u00fccher.example",
                "XN--BCHER-KVA.example | b\u00fccher.example",
                "xn--fuball-cta.example | fu\u00dfball.example",
                "fu\u00dfball.example | fu\u00dfball.example",
                "bu\u0308cher.example | b\u00fccher.example",
                "\u05d0\u05d1@\u05d0\u05d1.example | \u05d0\u05d1@\u05d0\u05d1.example",
                "127.0.0.1 | 127.0.0.1",
                "a@[::1]/r | a@[::1]/r",
                "[2001:DB8::1] | [2001:db8::1]",
                "[::ffff:192.0.2.1] | [::ffff:192.0.2.1]",
                "a@example.com/\u00e9\u00a0b | a@example.com/\u00e9 b",
                "a@example.com/e\u0301 | a@example.com/\u00e9",
                "a-b.c-d.example | a-b.c-d.example",
            })
    void prepares(String text, String prepared) throws JidSyntaxException {
        assertThat(Jid.parse(text)).hasToString(prepared);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "@",
                "/",
                "a@b@c",
                "a@b c",
                ".",
                "example..com",
                ".example.com",
                "example.com..",
                "-a.example",
                "a-.example",
                "ab--c.example",
                "a_b.example",
                "xn--.example",
                "xn--a.example",
                "xn--\u00fc.example",
                "xn--Bcher-kv.example",
                "xn--i-7iq.example",
                "\u0300a.example",
                "\u05d0a.example",
                "\u05d0a@example.com",
                "[::1",
                "[]",
                "[1.2.3.4]",
                "[::1%eth0]",
                "[:::]",
                "[fe80::12345]",
                "a&b@example.com",
                "a'b@example.com",
                "a:b@example.com",
                "a<b@example.com",
                "a\u0001@example.com",
                "a@example.com/",
                "a@example.com/\u0001",
                "a@example.com/\ud800",
                "a\uff0fb@example.com",
                "a\uff20b@example.com",
                "a@example.com/\u3000b",
                "exam\uff0fple.com",
            })
    void refuses(String text) {
        assertThatThrownBy(() -> Jid.parse(text)).isInstanceOf(JidSyntaxException.class);
    }

    @Test
    void partsHaveAtMost1023Bytes() throws JidSyntaxException {
        assertThat(Jid.parse("a".repeat(1023) + "@example.com").local()).hasSize(1023);
        assertThat(Jid.parse("example.com/" + "\u00fc".repeat(511)).resource()).hasSize(511);
        assertThatThrownBy(() -> Jid.parse("a".repeat(1024) + "@example.com")).isInstanceOf(JidSyntaxException.class);
        assertThatThrownBy(() -> Jid.parse("example.com/" + "\u00fc".repeat(512)))
                .isInstanceOf(JidSyntaxException.class);
        assertThatThrownBy(() -> Jid.parse("a.".repeat(512) + "example")).isInstanceOf(JidSyntaxException.class);
        assertThatThrownBy(() -> Jid.parse("example.com/" + "a".repeat(1_000_000)))
                .isInstanceOf(JidSyntaxException.class);
    }

    @Test
    void labelsHaveAtMost63Bytes() throws JidSyntaxException {
        assertThat(Jid.parse("a".repeat(63) + ".example")).isNotNull();
        assertThatThrownBy(() -> Jid.parse("a".repeat(64) + ".example")).isInstanceOf(JidSyntaxException.class);
        assertThatThrownBy(() -> Jid.parse("\u00fc" + "a".repeat(57) + ".example"))
                .isInstanceOf(JidSyntaxException.class);
    }

    @Test
    void hasABareFormAndParts() throws JidSyntaxException {
        Jid jid = Jid.parse("juliet@example.com/balcony");
        assertThat(jid.local()).isEqualTo("juliet");
        assertThat(jid.domain()).isEqualTo("example.com");
        assertThat(jid.resource()).isEqualTo("balcony");
        assertThat(jid.bare()).isEqualTo(Jid.of("juliet@example.com"));
        assertThat(jid.domainJid()).isEqualTo(Jid.of("example.com"));
        assertThat(jid.bare().withResource("x")).isEqualTo(Jid.of("juliet@example.com/x"));
        assertThat(Jid.sameAccount(jid, Jid.of("Juliet@example.com/other"))).isTrue();
        assertThat(Jid.sameAccount(jid, null)).isFalse();
    }
}
