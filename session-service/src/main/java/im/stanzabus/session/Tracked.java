package im.stanzabus.session;

import im.stanzabus.bus.delivery.Parcel;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;

/// A stanza of an account that is on its way and must not be lost. Confined to the partition's
/// context.
final class Tracked implements Parcel.Waiting {
    private final Post post;
    private final Account account;
    private final Stanza stanza;
    private final Runnable done;

    /// A message to oneself is on its way into the own log from here on; 0 for others.
    private final long append;

    /// @param done called when the receiver has taken it over, or the sender was told that there is
    ///     none
    Tracked(Post post, Account account, Stanza stanza, Runnable done) {
        this.post = post;
        this.account = account;
        this.stanza = stanza;
        this.done = done;
        append = stanza.isMessage() && Jid.sameAccount(account.jid(), stanza.to()) ? account.log.beginAppend() : 0;
    }

    @Override
    public void accepted() {
        done.run();
        account.log.endAppend(append);
    }

    @Override
    public void unreachable() {
        post.bounce(stanza, Condition.REMOTE_SERVER_TIMEOUT); // somebody has served it, and may come back
        accepted();
    }

    @Override
    public void replaced() {
        account.log.endAppend(append);
    }
}
