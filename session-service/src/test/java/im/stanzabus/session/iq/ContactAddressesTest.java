package im.stanzabus.session.iq;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.session.iq.ContactAddresses.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The configuration of XEP-0157.
class ContactAddressesTest {
    @Test
    void everyRole() {
        ConfigFile file = file("""
                abuse: [mailto:abuse@a.example, xmpp:abuse@a.example]
                admin: [xmpp:admin@a.example]
                feedback: [https://a.example/feedback]
                sales: [mailto:sales@a.example]
                security: [mailto:security@a.example]
                status: [https://status.a.example/]
                support: [https://a.example/support]
                """);
        assertThat(ContactAddresses.read(file.root()).addresses())
                .isEqualTo(Map.of(
                        Role.ABUSE, List.of("mailto:abuse@a.example", "xmpp:abuse@a.example"),
                        Role.ADMIN, List.of("xmpp:admin@a.example"),
                        Role.FEEDBACK, List.of("https://a.example/feedback"),
                        Role.SALES, List.of("mailto:sales@a.example"),
                        Role.SECURITY, List.of("mailto:security@a.example"),
                        Role.STATUS, List.of("https://status.a.example/"),
                        Role.SUPPORT, List.of("https://a.example/support")));
        assertThat(file.errors()).isEmpty();
    }

    @Test
    void noneByDefault() {
        assertThat(ContactAddresses.read(file("").root())).isEqualTo(ContactAddresses.NONE);
        assertThat(ContactAddresses.NONE.toForm()).isNull();
    }

    /// XEP-0157 section 3: values are URIs.
    @Test
    void whatIsNoUriIsReported() {
        ConfigFile file = file("""
                admin: [admin@a.example, "mailto:x y@a.example", mailto:right@a.example]
                """);
        ContactAddresses.read(file.root());
        assertThat(file.errors())
                .hasSize(2)
                .allSatisfy(
                        error -> assertThat(error.toString()).contains("admin").contains("not a URI"));
    }

    private static ConfigFile file(String yaml) {
        return ConfigFile.of(yaml, Path.of("."));
    }
}
