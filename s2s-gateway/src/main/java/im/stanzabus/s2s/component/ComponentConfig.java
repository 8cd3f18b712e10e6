package im.stanzabus.s2s.component;

import im.stanzabus.launcher.config.ConfigPlace;
import im.stanzabus.launcher.config.Settings;
import im.stanzabus.s2s.policy.Destination;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import org.jspecify.annotations.Nullable;

/// One component that may be connected.
///
/// @param domain all of whose addresses are the component's
/// @param secret that both sides know
/// @param title its name in disco#items (XEP-0030 section 4)
/// @param category that of the disco identity which is announced to other processes
/// @param type as `category`
/// @param connect where the component waits for us; null if it connects to us
/// @param place where the domain is written, for what is wrong with it shows later
public record ComponentConfig(
        String domain,
        String secret,
        String title,
        String category,
        String type,
        @Nullable Destination connect,
        ConfigPlace place) {
    private static final int LEAST_SECRET = 8;

    /// Reads an entry of the list `domains`; null if it has no domain.
    static @Nullable ComponentConfig read(Settings entry) {
        String written = entry.text("domain", "");
        String domain = domain(written);
        if (domain == null) {
            entry.error("domain", written.isEmpty() ? "is missing" : "must be a domain, not '" + written + "'");
        }
        String secret = entry.secret("secret", "");
        if (secret.length() < LEAST_SECRET) {
            entry.error(
                    "secret", secret.isEmpty() ? "is missing" : "must have at least " + LEAST_SECRET + " characters");
        }
        String title = entry.text("title", "");
        String category = entry.text("category", "component");
        String type = entry.text("type", "generic");
        Destination connect = destination(entry);
        return domain == null
                ? null
                : new ComponentConfig(
                        domain,
                        secret,
                        title.isEmpty() ? domain : title,
                        category,
                        type,
                        connect,
                        entry.place("domain"));
    }

    private static @Nullable Destination destination(Settings entry) {
        String written = entry.text("connect", "");
        if (written.isEmpty()) {
            return null;
        }
        int colon = written.lastIndexOf(':');
        String host = colon < 0 ? "" : written.substring(0, colon);
        String port = written.substring(colon + 1);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String name = bracketed ? host.substring(1, host.length() - 1) : host;
        if (name.isEmpty() || !port.matches("[0-9]{1,5}") || !isPort(Integer.parseInt(port))) {
            entry.error("connect", "must be host:port, not '" + written + "'");
            return null;
        }
        return new Destination(name, Integer.parseInt(port), false);
    }

    private static boolean isPort(int number) {
        return number >= 1 && number <= 65_535;
    }

    /// The domain that a text is, in prepared form (RFC 7622 section 3.2); null if it is none.
    static @Nullable String domain(@Nullable String text) {
        try {
            Jid jid = text == null || text.isEmpty() ? null : Jid.parse(text);
            return jid == null || jid.hasLocal() || jid.isFull() ? null : jid.domain();
        } catch (JidSyntaxException e) {
            return null;
        }
    }
}
