package im.stanzabus.session.iq;

import im.stanzabus.launcher.config.Settings;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the people behind a virtual host can be reached (XEP-0157), as URIs such as `mailto:` and `xmpp:`.
public record ContactAddresses(Map<Role, List<String>> addresses) {
    /// No addresses, which is shown by no form.
    public static final ContactAddresses NONE = new ContactAddresses(Map.of());

    private static final String FORM_TYPE = "http://jabber.org/network/serverinfo";

    /// What the people do, in the order of the form's fields.
    public enum Role {
        ABUSE,
        ADMIN,
        FEEDBACK,
        SALES,
        SECURITY,
        STATUS,
        SUPPORT;

        private final String word = name().toLowerCase(Locale.ROOT);
    }

    public ContactAddresses {
        Map<Role, List<String>> copy = new EnumMap<>(Role.class);
        addresses.forEach((role, uris) -> {
            if (!uris.isEmpty()) {
                copy.put(role, List.copyOf(uris));
            }
        });
        addresses = copy;
    }

    /// Reads a list of URIs under the name of each role, such as `abuse`.
    public static ContactAddresses read(Settings settings) {
        Map<Role, List<String>> addresses = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            List<String> uris = settings.list(role.word, List.of());
            for (String uri : uris) {
                if (!isAbsoluteUri(uri)) {
                    settings.error(role.word, "not a URI such as mailto:admin@example.org: " + uri);
                }
            }
            addresses.put(role, uris);
        }
        return new ContactAddresses(addresses);
    }

    /// The form for the disco#info result of the host (XEP-0128); null when there is nothing to tell.
    @Nullable
    Element toForm() {
        if (addresses.isEmpty()) {
            return null;
        }
        Element.Builder form = Element.builder("x", Namespaces.DATA_FORMS).attribute("type", "result");
        form.child(field("FORM_TYPE", "hidden", List.of(FORM_TYPE)));
        addresses.forEach((role, uris) -> form.child(field(role.word + "-addresses", "list-multi", uris)));
        return form.build();
    }

    private static Element field(String var, String type, List<String> values) {
        Element.Builder field = Element.builder("field", Namespaces.DATA_FORMS)
                .attribute("var", var)
                .attribute("type", type);
        values.forEach(value -> field.childText("value", value));
        return field.build();
    }

    private static boolean isAbsoluteUri(String text) {
        try {
            return new URI(text).isAbsolute();
        } catch (URISyntaxException _) {
            return false;
        }
    }
}
