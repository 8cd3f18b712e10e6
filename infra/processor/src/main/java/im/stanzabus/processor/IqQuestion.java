package im.stanzabus.processor;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
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

    /// What is wrong with the request if it should be this one: another element of the namespace
    /// is a `bad-request`, the other type is `not-allowed`. Null if nothing is wrong.
    ///
    /// @param type get or set
    /// @param element the name of its child
    public @Nullable StanzaError mistake(StanzaType type, String element) {
        if (!query.name().equals(element)) {
            return StanzaError.of(Condition.BAD_REQUEST, "this namespace has no such element");
        }
        return iq.type() == type
                ? null
                : StanzaError.of(Condition.NOT_ALLOWED, "this namespace only knows " + type.wire());
    }
}
