package im.stanzabus.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.RouteRule;
import im.stanzabus.launcher.config.ConfigError;
import im.stanzabus.launcher.config.ConfigFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteRulesTest {
    @Test
    void rulesAreReadInTheirOrder() {
        ConfigFile file = ConfigFile.of("""
                routes:
                  - domains: 'old\\.example'
                    service: Rooms.Example
                  - domains: '.*\\.far\\.example'
                    to: remote
                """, Path.of(""));
        List<RouteRule> rules = RouteRules.read(file.root().sections("routes"));

        assertThat(file.errors()).isEmpty();
        assertThat(rules).extracting(RouteRule::service).containsExactly("rooms.example", null);
        assertThat(rules)
                .extracting(rule -> rule.domains().pattern())
                .containsExactly("old\\.example", ".*\\.far\\.example");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {service: a.example}                        | domains: is missing: a regular expression for whole domains
            {domains: '(', service: a.example}          | domains: is no regular expression: Unclosed group at 1
            {domains: 'a'}                              | service: is missing: the domain of the service that is to have
            {domains: 'a', to: remote, service: a.b}    | service: does not fit 'to: remote'
            {domains: 'a', service: 'a b'}              | service: 'a b' is not a domain
            {domains: 'a', to: nowhere, service: a.b}   | to: must be one of
            """)
    void mistakesAreTold(String entry, String message) {
        ConfigFile file = ConfigFile.of("routes:\n  - " + entry, Path.of(""));
        RouteRules.read(file.root().sections("routes"));

        assertThat(file.errors().stream().map(ConfigError::toString))
                .anySatisfy(error -> assertThat(error)
                        .startsWith("stanzabus.yaml:2: routes[0].")
                        .contains(message));
    }
}
