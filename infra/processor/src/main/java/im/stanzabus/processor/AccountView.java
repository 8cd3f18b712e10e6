package im.stanzabus.processor;

import im.stanzabus.stanza.Jid;
import java.util.List;

/// What a processor may know of an account, at the moment of its call.
///
/// @param jid the bare JID
/// @param anonymous true for one that came in by SASL ANONYMOUS: nothing is kept of it
/// @param availableResources the full JIDs of the resources that have sent available presence, in
///     the order in which they came
public record AccountView(Jid jid, boolean anonymous, List<Jid> availableResources) {
    public AccountView {
        availableResources = List.copyOf(availableResources);
    }
}
