package im.stanzabus.bus.api;

import im.stanzabus.bus.BusMessage;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One contact in a roster (RFC 6121 section 2.1.2).
///
/// @param jid the contact, bare
/// @param name the user's name for it
/// @param groups without duplicates
/// @param subscription who sees whose presence
/// @param ask true while the user's own request is unanswered (`ask='subscribe'`)
/// @param approved true if the user approved the contact's request beforehand (RFC 6121 section 3.4)
public record RosterItem(
        Jid jid, @Nullable String name, List<String> groups, Subscription subscription, boolean ask, boolean approved)
        implements BusMessage {

    /// Who sees whose presence; REMOVE only in pushes.
    public enum Subscription {
        NONE,
        TO,
        FROM,
        BOTH,
        REMOVE;

        /// The attribute's value.
        public String wire() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// True if the contact sees the user's presence.
    public boolean contactSeesUser() {
        return subscription == Subscription.FROM || subscription == Subscription.BOTH;
    }

    /// True if the user sees the contact's presence.
    public boolean userSeesContact() {
        return subscription == Subscription.TO || subscription == Subscription.BOTH;
    }

    /// The `<item/>` of results and pushes.
    public Element toElement() {
        Element.Builder item = Element.builder("item", Namespaces.ROSTER)
                .attribute("jid", jid.toString())
                .attribute("name", name)
                .attribute("subscription", subscription.wire())
                .attribute("ask", ask ? "subscribe" : null)
                .attribute("approved", approved ? "true" : null);
        groups.forEach(group -> item.childText("group", group));
        return item.build();
    }
}
