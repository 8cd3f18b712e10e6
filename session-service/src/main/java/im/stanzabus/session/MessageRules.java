package im.stanzabus.session;

import im.stanzabus.stanza.ElementName;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;

/// What a message's type and payload say about keeping and copying it. Pure; reads only the children's names.
final class MessageRules {
    private static final String CONFERENCE_INVITATION = "jabber:x:conference";
    private static final String MUC_USER = "http://jabber.org/protocol/muc#user";

    private MessageRules() {}

    /// True if the message is to be kept when nobody can take it now (XEP-0160 section 3, XEP-0334 section 4).
    static boolean isStorable(Stanza message) {
        if (message.type() != StanzaType.CHAT && message.type() != StanzaType.NORMAL) {
            return false;
        }
        Payload payload = message.payload();
        if (payload.has("no-store", Namespaces.HINTS)) {
            return false;
        }
        return payload.has("store", Namespaces.HINTS) || !isOnlyChatState(payload);
    }

    /// True if the message belongs in an archive, should the account want it there (XEP-0313 section 6.1.1,
    /// XEP-0334 section 4.1).
    static boolean isArchivable(Stanza message) {
        return isStorable(message) && !message.payload().has("no-permanent-store", Namespaces.HINTS);
    }

    /// True if there is nothing in the message but a chat state (XEP-0085 section 5.5).
    static boolean isOnlyChatState(Payload payload) {
        boolean state = false;
        for (int i = 0; i < payload.size(); i++) {
            ElementName name = payload.name(i);
            if (name.namespace().equals(Namespaces.CHAT_STATES)) {
                state = true;
            } else if (!isAccessory(name)) {
                return false;
            }
        }
        return state;
    }

    private static boolean isAccessory(ElementName name) {
        return (name.namespace().equals(Namespaces.CLIENT) && name.name().equals("thread"))
                || name.namespace().equals(Namespaces.STANZA_ID)
                || name.namespace().equals(Namespaces.HINTS);
    }

    /// True if carbon copies are made of the message (XEP-0280 section 6.1).
    static boolean isCarbonEligible(Stanza message) {
        Payload payload = message.payload();
        if (payload.has("private", Namespaces.CARBONS) || payload.has("no-copy", Namespaces.HINTS)) {
            return false;
        }
        return switch (message.type()) {
            case CHAT -> !isMucMessage(payload);
            case NORMAL ->
                payload.has("body", Namespaces.CLIENT)
                        || payload.hasNamespace(Namespaces.RECEIPTS)
                        || payload.hasNamespace(Namespaces.CHAT_STATES)
                        || payload.hasNamespace(Namespaces.CHAT_MARKERS)
                        || payload.has("x", CONFERENCE_INVITATION)
                        || payload.has("x", MUC_USER);
            default -> false;
        };
    }

    /// A private message through a room: the room sends it to every joined client itself.
    private static boolean isMucMessage(Payload payload) {
        return payload.has("x", MUC_USER);
    }
}
