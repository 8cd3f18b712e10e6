package im.stanzabus.offline.archive;

import im.stanzabus.bus.api.LogRequest.ArchivePreference;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import im.stanzabus.stanza.StanzaError.Condition;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an account wants archived (XEP-0441 section 2).
///
/// @param fallback for whom neither list names
/// @param always with whom everything is archived
/// @param never with whom nothing is; wins over the other list
record ArchivePreferences(ArchivePreference fallback, List<Jid> always, List<Jid> never) {
    static final ArchivePreferences DEFAULT = new ArchivePreferences(ArchivePreference.ALWAYS, List.of(), List.of());

    private static final int MOST_ADDRESSES = 1000;

    /// @throws im.stanzabus.bus.BusFailure if the element is wrong
    static ArchivePreferences read(Element prefs) {
        Set<Jid> never = addresses(prefs.child("never"));
        Set<Jid> always = addresses(prefs.child("always"));
        if (always.size() + never.size() > MOST_ADDRESSES) {
            throw Refusal.of(Condition.POLICY_VIOLATION, "more than " + MOST_ADDRESSES + " addresses");
        }
        always.removeAll(never);
        return new ArchivePreferences(fallback(prefs.attribute("default")), List.copyOf(always), List.copyOf(never));
    }

    private static ArchivePreference fallback(@Nullable String word) {
        for (ArchivePreference preference : ArchivePreference.values()) {
            if (word(preference).equals(word)) {
                return preference;
            }
        }
        throw Refusal.badRequest("the default is always, never or roster");
    }

    private static Set<Jid> addresses(@Nullable Element list) {
        Set<Jid> addresses = new LinkedHashSet<>();
        if (list != null) {
            for (Element child : list.children()) {
                if (!child.is("jid", Archive.NAMESPACE)) {
                    throw Refusal.badRequest("a list has addresses");
                }
                addresses.add(address(child.text().strip()));
            }
        }
        return addresses;
    }

    private static Jid address(String text) {
        try {
            return Jid.parse(text);
        } catch (JidSyntaxException e) {
            throw Refusal.of(Condition.JID_MALFORMED, "a list has what is no address: " + e.getMessage());
        }
    }

    static String word(ArchivePreference preference) {
        return preference.name().toLowerCase(Locale.ROOT);
    }

    Element toElement() {
        return Element.builder("prefs", Archive.NAMESPACE)
                .attribute("default", word(fallback))
                .child(list("always", always))
                .child(list("never", never))
                .build();
    }

    private static Element list(String name, List<Jid> addresses) {
        Element.Builder list = Element.builder(name, Archive.NAMESPACE);
        addresses.forEach(address -> list.childText("jid", address.toString()));
        return list.build();
    }
}
