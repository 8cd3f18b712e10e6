package im.stanzabus.session.iq;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import org.jspecify.annotations.Nullable;

/// An IQ request that the server is to answer.
///
/// @param iq the request, `from` and `to` as the asker will see them exchanged in the answer
/// @param query its child
/// @param target to whom it is addressed
/// @param account the account that is asked; null when a host is asked
public record IqQuestion(
        Stanza iq, Element query, IqTarget target, @Nullable AccountView account) {
    /// Who asks.
    public Jid asker() {
        Jid from = iq.from();
        if (from == null) {
            throw new IllegalStateException("a stanza inside the server has a sender");
        }
        return from;
    }

    /// The virtual host that is asked, or that the account belongs to.
    public String host() {
        AccountView view = account;
        if (view != null) {
            return view.jid().domain();
        }
        Jid to = iq.to();
        return to == null ? asker().domain() : to.domain();
    }
}
