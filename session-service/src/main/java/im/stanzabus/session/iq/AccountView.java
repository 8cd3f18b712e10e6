package im.stanzabus.session.iq;

import im.stanzabus.stanza.Jid;
import java.util.List;

/// What a processor may know of the account that is asked. Read on the partition's context, during the call only.
public interface AccountView {
    /// The bare JID.
    Jid jid();

    /// The full JIDs of the resources that have sent available presence, in the order in which they came.
    List<Jid> availableResources();
}
