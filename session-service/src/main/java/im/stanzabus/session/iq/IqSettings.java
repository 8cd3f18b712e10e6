package im.stanzabus.session.iq;

import im.stanzabus.stanza.Jid;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What the processors must know of the installation.
///
/// @param hosts the virtual hosts
/// @param version of the server
/// @param os the operating system to tell (XEP-0092); null to tell none
/// @param contacts by virtual host (XEP-0157)
/// @param passwordChange clients may set a new password (XEP-0077 section 3.3)
/// @param accountRemoval clients may remove their account (XEP-0077 section 3.2)
/// @param anonymous true for an account that came in by SASL ANONYMOUS; any thread
/// @param archived true for an account that has an archive (XEP-0313); any thread
public record IqSettings(
        List<String> hosts,
        String version,
        @Nullable String os,
        Map<String, ContactAddresses> contacts,
        boolean passwordChange,
        boolean accountRemoval,
        Predicate<Jid> anonymous,
        Predicate<Jid> archived) {
    /// The namespace that is served for accounts with an archive only.
    public static final String ARCHIVE = "urn:xmpp:mam:2";

    public IqSettings {
        hosts = List.copyOf(hosts);
        contacts = Map.copyOf(contacts);
    }
}
