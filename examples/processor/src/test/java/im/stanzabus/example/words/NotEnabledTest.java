package im.stanzabus.example.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import im.stanzabus.launcher.LaunchOptions;
import im.stanzabus.launcher.Launcher;
import im.stanzabus.launcher.config.ConfigError;
import im.stanzabus.launcher.config.ConfigException;
import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.testkit.EmbeddedServer;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.XmppServerExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The processor is on the class path, and the configuration does not name it, or not right.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class NotEnabledTest {
    @TempDir
    Path folder;

    /// Its jar alone changes nothing.
    @Test
    @ExtendWith(XmppServerExtension.class)
    void whoIsNotNamedDoesNothing(Scene scene) {
        TestClient juliet = scene.online("juliet");
        TestClient romeo = scene.online("romeo");
        String body = "<body>Zounds, a plague, fishmonger! Rosebud</body>";

        romeo.sends("<message to='${juliet}' type='chat' id='m'>" + body + "</message>");

        juliet.receives("<message from='${romeo/tester}' type='chat' id='m'>" + body + "</message>");
        romeo.receivesNothing();
        romeo.asks("<iq type='get' to='${host}'><words xmlns='urn:example:words:0'/></iq>")
                .isError("cancel", "service-unavailable");
        assertThat(romeo.asks("<iq type='get' to='${host}'>"
                                + "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>")
                        .payload()
                        .children())
                .noneMatch(child -> child.attribute("var").equals("urn:example:words:0"));
    }

    private List<String> mistakes(String yaml, Map<String, String> environment) {
        ConfigFile file = ConfigFile.of(yaml, folder, environment);
        ConfigException refused =
                catchThrowableOfType(ConfigException.class, () -> Launcher.check(LaunchOptions.of(file)));
        return refused == null
                ? List.of()
                : refused.errors().stream().map(ConfigError::toString).toList();
    }

    @Test
    void aNameThatNobodyHasIsAMistake() {
        assertThat(mistakes("""
                session-service:
                  partitions: 1
                  processors: [words, wards]
                """, Map.of()))
                .containsExactly("stanzabus.yaml:3: session-service.processors: there is no processor 'wards' on the"
                        + " class path; there are: ping, rival, words");
    }

    @Test
    void mistakesInItsSettingsHaveTheirLine() {
        assertThat(mistakes("""
                session-service:
                  processors: [words]
                  processor-settings:
                    words:
                      moderator: localhost
                      maskd: zounds
                """, Map.of()))
                .containsExactly(
                        "stanzabus.yaml:5: session-service.processor-settings.words.moderator: must be the address of"
                                + " an account, not 'localhost'",
                        "stanzabus.yaml:6: session-service.processor-settings.words.maskd: unknown key; did you mean"
                                + " 'masked'?");
    }

    @Test
    void settingsOfOneThatIsNotNamedAreAMistake() {
        assertThat(mistakes("session-service: {processor-settings: {words: {masked: zounds}}}", Map.of()))
                .singleElement()
                .asString()
                .startsWith("stanzabus.yaml:1: session-service.processor-settings.words: unknown key");
    }

    @Test
    void theEnvironmentNamesAndSetsItToo() {
        Map<String, String> named = Map.of("STANZABUS_SESSION_SERVICE_PROCESSORS", "words");
        assertThat(mistakes("", named)).isEmpty();
        assertThat(mistakes(
                        "",
                        Map.of(
                                "STANZABUS_SESSION_SERVICE_PROCESSORS",
                                "words",
                                "STANZABUS_SESSION_SERVICE_PROCESSOR_SETTINGS_WORDS_MODERATOR",
                                "nobody")))
                .singleElement()
                .asString()
                .contains("STANZABUS_SESSION_SERVICE_PROCESSOR_SETTINGS_WORDS_MODERATOR", "nobody");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "words, rival | processor rival and processor words both answer urn:example:words:0",
                "ping | processor ping and the server both answer urn:xmpp:ping"
            })
    void twoCannotAnswerOneNamespace(String names, String told) {
        String yaml = """
                data: data
                http: {port: 0}
                log: {level: warn}
                c2s-gateway: {host: 127.0.0.1, port: 0, direct-tls: {port: 0}}
                s2s-gateway: {host: 127.0.0.1, port: 0, direct-tls: {port: 0}}
                session-service: {processors: [%s]}
                """.formatted(names);

        assertThatThrownBy(() -> new EmbeddedServer(yaml).close())
                .hasMessageContaining(told + "; see session-service.processors");
    }
}
