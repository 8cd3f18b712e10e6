package im.stanzabus.s2s.policy;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.s2s.policy.DomainPolicy.Authentication;
import im.stanzabus.s2s.policy.DomainPolicy.Encryption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DomainPoliciesTest {
    private static final String HEX = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final String BASE64 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    @TempDir
    Path folder;

    private DomainPolicies read(String yaml) {
        ConfigFile file = ConfigFile.of(yaml, folder);
        DomainPolicies policies = DomainPolicies.read(file.root());
        assertThat(file.errors()).isEmpty();
        return policies;
    }

    @Test
    void withoutPoliciesThereIsOne() {
        assertThat(read("{}").of("example.org"))
                .isEqualTo(new DomainPolicy(Authentication.DIALBACK, Set.of(), false, Encryption.REQUIRED, null));
        assertThat(read("policies: []").of("example.org")).isEqualTo(DomainPolicy.DEFAULT);
    }

    @Test
    void everyKey() {
        DomainPolicies policies = read("""
                policies:
                  - domain: bank.example
                    authentication: pinned
                    pins: [%s, %s]
                  - domain: '*.intern.example'
                    tls: optional
                    host: 127.0.0.1
                    port: 5300
                  - domain: direct.example
                    host: xmpp.direct.example
                    direct-tls: true
                    authentication: certificate
                    tls: required
                  - domain: spam.example
                    blocked: true
                  - authentication: certificate
                """.formatted(HEX, "00".repeat(32)));

        assertThat(policies.of("bank.example"))
                .isEqualTo(new DomainPolicy(
                        Authentication.PINNED,
                        Set.of(new PublicKeyPin(HEX), new PublicKeyPin("0".repeat(64))),
                        false,
                        Encryption.REQUIRED,
                        null));
        assertThat(policies.of("a.intern.example"))
                .isEqualTo(new DomainPolicy(
                        Authentication.DIALBACK,
                        Set.of(),
                        false,
                        Encryption.OPTIONAL,
                        new Destination("127.0.0.1", 5300, false)));
        assertThat(policies.of("direct.example").destination())
                .isEqualTo(new Destination("xmpp.direct.example", 5270, true));
        assertThat(policies.of("spam.example").blocked()).isTrue();
        assertThat(policies.of("intern.example").authentication()).isEqualTo(Authentication.CERTIFICATE);
    }

    @Test
    void theFirstThatMatchesCountsAlone() {
        DomainPolicies policies = read("""
                policies:
                  - {domain: a.example.org, tls: optional}
                  - {domain: '*.example.org', blocked: true, host: 127.0.0.1}
                  - {domain: '*', authentication: certificate}
                """);

        assertThat(policies.of("a.example.org").blocked()).isFalse();
        assertThat(policies.of("a.example.org").destination()).isNull();
        assertThat(policies.of("b.example.org").blocked()).isTrue();
        assertThat(policies.of("b.example.org").authentication()).isEqualTo(Authentication.DIALBACK);
        assertThat(policies.of("example.org").authentication()).isEqualTo(Authentication.CERTIFICATE);
        assertThat(policies.of("example.org").destination()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        HEX + ", true",
        BASE64 + ", true",
        "E3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:27:AE:41:E4:64:9B:93:4C:A4:95:99:1B:78:52:B8:55, true",
        "e3b0c442, false",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuA==, false",
        "'', false",
        "?, false"
    })
    void pinsAreReadAsProgramsWriteThem(String text, boolean right) {
        assertThat(PublicKeyPin.parse(text)).isEqualTo(right ? new PublicKeyPin(HEX) : null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {domain: 'a.*.example'}                                  | domain: must be a domain, a pattern such as *.example.org, or *, not 'a.*.example'
            {domain: romeo@example.org}                              | domain: must be a domain
            {domain: ''}                                             | domain: must be a domain
            {domain: a.first.example}                                | domain: has no effect: '*.first.example' comes before it and matches the same
            {domain: '*.first.example'}                              | domain: has no effect
            {domain: a.example, authentication: pinned}              | pins: is empty
            {domain: a.example, authentication: pinned, pins: []}    | pins: is empty
            {domain: a.example, authentication: pinned, pins: [12]}  | pins: must be SHA-256 hashes of public keys, in 64 hexadecimal digits or in base64, not '12'
            {domain: a.example, pins: [47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=]} | pins: has no effect without authentication: pinned
            {domain: a.example, authentication: sasl}                | authentication: must be one of certificate, dialback, pinned, not 'sasl'
            {domain: a.example, authentication: certificate, tls: optional} | tls: must be required
            {domain: a.example, tls: none}                           | tls: must be one of required, optional, not 'none'
            {domain: a.example, blocked: maybe}                      | blocked: must be true or false
            {domain: a.example, host: 'a b'}                         | host: must be a host name or an address, not 'a b'
            {domain: a.example, host: 'http://a'}                    | host: must be a host name or an address
            {domain: a.example, port: 5300}                          | port: has no effect without host
            {domain: a.example, host: b.example, port: 65536}        | port: must be a whole number from 0 to 65535
            {domain: a.example, direct-tls: true}                    | direct-tls: has no effect without host
            {domain: a.example, autentication: dialback}             | autentication: unknown key; did you mean 'authentication'?
            """)
    void mistakesAreToldWithTheirLine(String policy, String message) {
        ConfigFile file = ConfigFile.of("policies:\n  - domain: '*.first.example'\n  - " + policy, folder);
        DomainPolicies.read(file.root());

        assertThat(file.errors()).singleElement().asString().startsWith("stanzabus.yaml:3: policies[1]." + message);
    }

    @Test
    void aListIsWanted() {
        ConfigFile file = ConfigFile.of("policies: {domain: a.example}", folder);
        DomainPolicies.read(file.root());

        assertThat(file.errors())
                .singleElement()
                .asString()
                .startsWith("stanzabus.yaml:1: policies: must be a list of sections");
    }

    @Test
    void theEnvironmentCanBlockSomebody() {
        ConfigFile file = ConfigFile.of(
                "{}",
                folder,
                Map.of("STANZABUS_POLICIES_0_DOMAIN", "spam.example", "STANZABUS_POLICIES_0_BLOCKED", "true"));
        DomainPolicies policies = DomainPolicies.read(file.root());

        assertThat(file.errors()).isEmpty();
        assertThat(policies.of("spam.example").blocked()).isTrue();
        assertThat(policies.of("example.org").blocked()).isFalse();
    }
}
