package im.stanzabus.stanza;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import rocks.xmpp.precis.PrecisProfile;
import rocks.xmpp.precis.PrecisProfiles;

class JidPropertyTest {
    private static final String REFUSED = "\u0000";

    private interface Preparation {
        String of(String text) throws JidSyntaxException;
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> ascii = Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(12);
        Arbitrary<String> names =
                Arbitraries.strings().withChars("abxn-.0Z\u00fc\u0300[]:@/ ").ofMaxLength(12);
        Arbitrary<String> scripts = Arbitraries.strings()
                .withCharRange('\u00a0', '\u0700')
                .withCharRange('\u1e00', '\u2100')
                .withCharRange('\uff00', '\uffef')
                .ofMaxLength(4);
        return Arbitraries.oneOf(ascii, names, scripts, Arbitraries.strings().ofMaxLength(4));
    }

    @Provide
    Arbitrary<String> addresses() {
        return Arbitraries.oneOf(
                texts(),
                Combinators.combine(texts(), texts(), texts())
                        .as((local, domain, resource) -> local + '@' + domain + '/' + resource),
                texts().map(local -> local + "@example.org"),
                texts().map(domain -> "a@" + domain + ".example"));
    }

    /// Two addresses are the same exactly when their texts are, which needs that preparing once is enough.
    @Property(tries = 20_000)
    void preparingTwiceChangesNothing(@ForAll("addresses") String text) throws JidSyntaxException {
        Jid jid;
        try {
            jid = Jid.parse(text);
        } catch (JidSyntaxException e) {
            return;
        }
        assertThat(Jid.parse(jid.toString())).isEqualTo(jid);
        assertThat(Jid.prepared(jid.local(), jid.domain(), jid.resource())).isEqualTo(jid);
        assertThat(Jid.parse(jid.bare().toString())).isEqualTo(jid.bare());
    }

    @Property(tries = 10_000)
    void theShortWayForDomainsIsTheLongWay(@ForAll("texts") String text) {
        assertThat(result(JidDomain::prepare, text)).isEqualTo(result(JidDomain::mapped, text));
    }

    @Property(tries = 10_000)
    void theShortWaysForTheOtherPartsAreTheLongOnes(@ForAll("texts") String text) {
        String local = result(enforced(PrecisProfiles.USERNAME_CASE_MAPPED), text);
        boolean forbidden = local.chars().anyMatch(c -> "\"&'/:<>@".indexOf(c) >= 0);
        assertThat(result(JidParts::localpart, text)).isEqualTo(forbidden ? REFUSED : local);
        String resource = result(enforced(PrecisProfiles.OPAQUE_STRING), text);
        assertThat(result(JidParts::resourcepart, text)).isEqualTo(resource.startsWith(" ") ? REFUSED : resource);
    }

    private static Preparation enforced(PrecisProfile profile) {
        return text -> {
            if (text.isEmpty()) {
                throw new JidSyntaxException("empty");
            }
            return JidParts.enforce(profile, text, "part");
        };
    }

    private static String result(Preparation preparation, String text) {
        try {
            return preparation.of(text);
        } catch (JidSyntaxException e) {
            return REFUSED;
        }
    }

    @Property
    void punycodeThereAndBack(@ForAll("texts") String text) throws JidSyntaxException {
        if (text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            assertThat(Punycode.decode(Punycode.encode(text))).isEqualTo(text);
        }
    }

    @Property
    void brokenPunycodeIsRefusedOrRead(@ForAll("texts") String text) {
        assertThat(result(Punycode::decode, text)).isNotNull();
    }
}
