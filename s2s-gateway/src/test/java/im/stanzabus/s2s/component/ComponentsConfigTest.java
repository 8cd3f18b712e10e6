package im.stanzabus.s2s.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.launcher.config.ConfigException;
import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.launcher.config.ConfigPlace;
import im.stanzabus.s2s.policy.Destination;
import im.stanzabus.s2s.policy.QueueLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComponentsConfigTest {
    @TempDir
    Path folder;

    private ComponentsConfig read(String yaml) {
        ConfigFile file = ConfigFile.of(yaml, folder);
        ComponentsConfig config = ComponentsConfig.read(file.root().section("components"));
        assertThat(file.errors()).isEmpty();
        return config;
    }

    @Test
    void thereIsNothingUnlessSomethingIsSaid() {
        ComponentsConfig config = read("{}");
        assertThat(config)
                .isEqualTo(new ComponentsConfig(
                        "127.0.0.1",
                        5347,
                        false,
                        new QueueLimits(10_000, 16 << 20, Duration.ofSeconds(10)),
                        List.of()));
        assertThat(config.isUsed()).isFalse();
        assertThat(config.isListening()).isFalse();
    }

    @Test
    void everyKey() throws Exception {
        Files.writeString(folder.resolve("rooms.secret"), "of rooms and halls\n");
        ComponentsConfig config = read("""
                components:
                  host: '::1'
                  port: 15347
                  direct-tls: true
                  queue: {stanzas: 1, bytes: 64 KiB, time: 2 s}
                  domains:
                    - {domain: Echo.Example, secret: s3cr3t-of-echo}
                    - domain: rooms.example
                      secret-file: rooms.secret
                      title: Rooms
                      category: conference
                      type: text
                      connect: '[::1]:5348'
                """);
        assertThat(config)
                .isEqualTo(new ComponentsConfig(
                        "::1",
                        15_347,
                        true,
                        new QueueLimits(1, 65_536, Duration.ofSeconds(2)),
                        List.of(
                                new ComponentConfig(
                                        "echo.example",
                                        "s3cr3t-of-echo",
                                        "echo.example",
                                        "component",
                                        "generic",
                                        null,
                                        place(7, 0)),
                                new ComponentConfig(
                                        "rooms.example",
                                        "of rooms and halls",
                                        "Rooms",
                                        "conference",
                                        "text",
                                        new Destination("::1", 5348, false),
                                        place(8, 1)))));
        assertThat(config.has("rooms.example")).isTrue();
        assertThat(config.has("example")).isFalse();
        assertThat(config.isListening()).isTrue();
    }

    private static ConfigPlace place(int line, int number) {
        return new ConfigPlace("stanzabus.yaml", line, "components.domains[" + number + "].domain");
    }

    @Test
    void whereAllAreConnectedToNobodyIsListenedTo() {
        ComponentsConfig config =
                read("components: {domains: [{domain: a.example, secret: s3cr3t-of-a, connect: 'localhost:5347'}]}");
        assertThat(config.isUsed()).isTrue();
        assertThat(config.isListening()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {secret: s3cr3t-of-a}                                        | domain: is missing
            {domain: 'a b', secret: s3cr3t-of-a}                         | domain: must be a domain, not 'a b'
            {domain: x@a.example, secret: s3cr3t-of-a}                   | domain: must be a domain
            {domain: a.example/x, secret: s3cr3t-of-a}                   | domain: must be a domain
            {domain: a.example}                                          | secret: is missing
            {domain: a.example, secret: short}                           | secret: must have at least 8 characters
            {domain: a.example, secret: s3cr3t-of-a, connect: localhost} | connect: must be host:port, not 'localhost'
            {domain: a.example, secret: s3cr3t-of-a, connect: ':1'}      | connect: must be host:port
            {domain: a.example, secret: s3cr3t-of-a, connect: 'a:0'}     | connect: must be host:port
            {domain: a.example, secret: s3cr3t-of-a, connect: 'a:65536'} | connect: must be host:port
            {domain: a.example, secret: s3cr3t-of-a, tytle: A}           | tytle: unknown key; did you mean 'title'?
            """)
    void mistakesAreToldWithTheirLine(String entry, String message) {
        ConfigFile file = ConfigFile.of("components:\n  domains:\n    - " + entry, folder);
        ComponentsConfig.read(file.root().section("components"));

        assertThat(file.errors())
                .singleElement()
                .asString()
                .startsWith("stanzabus.yaml:3: components.domains[0]." + message);
    }

    @Test
    void aDomainHasOneEntry() {
        ConfigFile file = ConfigFile.of("""
                components:
                  domains:
                    - {domain: a.example, secret: s3cr3t-of-a}
                    - {domain: A.example, secret: s3cr3t-of-b}
                """, folder);
        ComponentsConfig.read(file.root().section("components"));

        assertThat(file.errors()).singleElement().asString().contains(":4:", "is that of another component");
    }

    @Test
    void aVirtualHostIsNoComponent() {
        ComponentsConfig config = read("components: {domains: [{domain: localhost, secret: s3cr3t-of-a}]}");
        config.check("example.org"::equals);
        assertThatThrownBy(() -> config.check("localhost"::equals))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("components.domains[0].domain")
                .hasMessageContaining("is a virtual host");
    }
}
