package im.stanzabus.processor;

import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import org.jspecify.annotations.Nullable;

/// A stanza on its way through session-service, as a processor meets it.
///
/// @param stanza as it is at this place; `from` is stamped, `to` may be missing where a client
///     has sent it to its own account
/// @param account whose owner handles it
/// @param client the full JID of the client that has sent it, or that it is about to be sent to;
///     null if it came for the account
/// @param retry true if the stanza may have come before, to this or another process. Not known to
///     filters, for which it is false
public record Passage(
        Stanza stanza, AccountView account, @Nullable Jid client, boolean retry) {
    /// The same with another stanza.
    public Passage with(Stanza other) {
        return new Passage(other, account, client, retry);
    }
}
