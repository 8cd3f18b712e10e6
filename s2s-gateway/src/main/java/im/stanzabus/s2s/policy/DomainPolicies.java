package im.stanzabus.s2s.policy;

import im.stanzabus.launcher.config.Settings;
import im.stanzabus.s2s.policy.DomainPolicy.Authentication;
import im.stanzabus.s2s.policy.DomainPolicy.Encryption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The policies of an installation, in the order of the configuration: of those whose pattern
/// matches a domain, the first one counts, and it alone. Safe from any thread.
public record DomainPolicies(List<Entry> entries) {
    /// A policy, and for whom it is.
    public record Entry(DomainPattern pattern, DomainPolicy policy) {}

    public DomainPolicies {
        entries = List.copyOf(entries);
    }

    /// The policy for a domain.
    ///
    /// @param domain in prepared form (RFC 7622 section 3.2)
    public DomainPolicy of(String domain) {
        for (Entry entry : entries) {
            if (entry.pattern().matches(domain)) {
                return entry.policy();
            }
        }
        return DomainPolicy.DEFAULT;
    }

    /// Reads the list `policies` of a section.
    public static DomainPolicies read(Settings settings) {
        List<Entry> entries = new ArrayList<>();
        for (Settings section : settings.sections("policies")) {
            DomainPattern pattern = pattern(section, entries);
            DomainPolicy policy = policy(section);
            if (pattern != null) {
                entries.add(new Entry(pattern, policy));
            }
        }
        return new DomainPolicies(entries);
    }

    private static @Nullable DomainPattern pattern(Settings section, List<Entry> before) {
        String text = section.text("domain", "*");
        DomainPattern pattern = DomainPattern.parse(text);
        if (pattern == null) {
            section.error("domain", "must be a domain, a pattern such as *.example.org, or *, not '" + text + "'");
            return null;
        }
        for (Entry entry : before) {
            if (entry.pattern().covers(pattern)) {
                section.error(
                        "domain", "has no effect: '" + entry.pattern() + "' comes before it and matches the same");
                return null;
            }
        }
        return pattern;
    }

    private static DomainPolicy policy(Settings section) {
        Authentication authentication = section.choice("authentication", Authentication.DIALBACK);
        List<String> pins = section.list("pins", List.of());
        if (authentication == Authentication.PINNED && pins.isEmpty()) {
            section.error("pins", "is empty, so that no key could be the right one");
        } else if (authentication != Authentication.PINNED && !pins.isEmpty()) {
            section.error("pins", "has no effect without authentication: pinned");
        }
        boolean blocked = section.flag("blocked", false);
        Encryption tls = section.choice("tls", Encryption.REQUIRED);
        if (tls == Encryption.OPTIONAL && authentication != Authentication.DIALBACK) {
            section.error("tls", "must be required where a certificate or a key is, for they come with TLS");
        }
        return new DomainPolicy(authentication, pins(section, pins), blocked, tls, destination(section));
    }

    private static Set<PublicKeyPin> pins(Settings section, List<String> texts) {
        Set<PublicKeyPin> pins = new LinkedHashSet<>();
        for (String text : texts) {
            PublicKeyPin pin = PublicKeyPin.parse(text);
            if (pin == null) {
                section.error(
                        "pins",
                        "must be SHA-256 hashes of public keys, in 64 hexadecimal digits or in base64, not '" + text
                                + "'");
            } else {
                pins.add(pin);
            }
        }
        return Set.copyOf(pins);
    }

    private static @Nullable Destination destination(Settings section) {
        String host = section.text("host", "");
        int port = section.number("port", 0, 0, 65_535);
        boolean directTls = section.flag("direct-tls", false);
        if (!host.isEmpty()) {
            if (host.chars().anyMatch(c -> c <= ' ' || c == '/' || c == '@')) {
                section.error("host", "must be a host name or an address, not '" + host + "'");
                return null;
            }
            int usual = directTls ? Destination.DIRECT_TLS_PORT : Destination.PORT;
            return new Destination(host, port == 0 ? usual : port, directTls);
        }
        if (port != 0) {
            section.error("port", "has no effect without host");
        }
        if (directTls) {
            section.error("direct-tls", "has no effect without host");
        }
        return null;
    }
}
