package im.stanzabus.session;

import im.stanzabus.launcher.config.Settings;
import im.stanzabus.processor.loading.EnabledProcessors;
import im.stanzabus.processor.loading.ProcessorChain;
import im.stanzabus.processor.loading.SettingReader;
import im.stanzabus.session.iq.ContactAddresses;
import java.time.Duration;
import java.util.List;

/// How sessions behave.
///
/// @param resourceConflict what happens when a client asks for a resource that is in use (RFC 6120
///     section
///     7.7.2.2)
/// @param maxResources connections that one account may have at once
/// @param partitions event loops that share the accounts of a process
/// @param resumptionQueue stanzas that may wait for a client whose connection is lost (XEP-0198)
/// @param queueBytesPerAccount how much may wait for all clients of an account together
/// @param offlineLinger how long the state of an account without connections is remembered
/// @param passwordChange clients may change their password (XEP-0077 section 3.3)
/// @param accountRemoval clients may remove their account (XEP-0077 section 3.2)
/// @param showOs XEP-0092 answers name the operating system
/// @param processors the processors of others that are enabled
/// @param contacts addresses for people who need to reach the operators (XEP-0157), such as
///     `mailto:...`
public record SessionConfig(
        ResourceConflict resourceConflict,
        int maxResources,
        int partitions,
        int resumptionQueue,
        int queueBytesPerAccount,
        Duration offlineLinger,
        boolean passwordChange,
        boolean accountRemoval,
        boolean showOs,
        ProcessorChain processors,
        ContactAddresses contacts) {

    /// What happens when a client asks for a resource that is in use.
    public enum ResourceConflict {
        /// The older connection is closed with `conflict`.
        REPLACE,
        /// The newer connection gets another resource.
        RENAME,
        /// The newer connection gets the error `conflict`.
        REFUSE
    }

    static SessionConfig read(Settings settings) {
        return new SessionConfig(
                settings.choice("resource-conflict", ResourceConflict.REPLACE),
                settings.number("max-resources", 20, 1, 1_000),
                settings.number("partitions", 1, 1, 64),
                settings.number("resumption-queue", 1_000, 10, 100_000),
                settings.bytes("queue-bytes-per-account", 16 << 20, 1 << 20, 1 << 30),
                settings.duration("offline-linger", Duration.ofSeconds(60)),
                settings.flag("password-change", true),
                settings.flag("account-removal", true),
                settings.flag("show-os", false),
                processors(settings),
                ContactAddresses.read(settings.section("contacts")));
    }

    private static ProcessorChain processors(Settings settings) {
        Settings sections = settings.section("processor-settings");
        return EnabledProcessors.load(
                settings.list("processors", List.of()),
                mistake -> settings.error("processors", mistake),
                name -> reader(sections.section(name)));
    }

    private static SettingReader reader(Settings settings) {
        return new SettingReader() {
            @Override
            public String text(String setting, String defaultValue) {
                return settings.text(setting, defaultValue);
            }

            @Override
            public void error(String setting, String message) {
                settings.error(setting, message);
            }
        };
    }
}
