package im.stanzabus.s2s.dns;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.launcher.config.ConfigFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DnsConfigTest {
    @TempDir
    Path folder;

    private DnsConfig read(ConfigFile file) {
        return DnsConfig.read(file.root().section("dns"));
    }

    @Test
    void defaults() {
        assertThat(read(ConfigFile.of("{}", folder)))
                .isEqualTo(new DnsConfig(
                        List.of(), Duration.ofSeconds(3), 2, Duration.ofHours(1), Duration.ofMinutes(1), 4 << 20));
    }

    @Test
    void serversAreAddressesWithOrWithoutAPort() {
        ConfigFile file = ConfigFile.of(
                "dns: {servers: ['192.0.2.1', '192.0.2.1:5353', '2001:db8::1', '[2001:db8::1]:54']}", folder);

        assertThat(read(file).servers())
                .containsExactly(
                        new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 53),
                        new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 5353),
                        new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 53),
                        new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 54));
        assertThat(file.errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ns.example", "192.0.2.1:0", "192.0.2.1:99999", "192.0.2.1:", "[192.0.2.1]:53", "[]:53", "::1]:5"
            })
    void anythingElseIsAMistake(String server) {
        ConfigFile file = ConfigFile.of("dns:\n  servers: ['" + server + "']", folder);

        assertThat(read(file).servers()).isEmpty();
        assertThat(file.errors()).singleElement().asString().contains("dns.servers", "must be IP addresses");
    }
}
