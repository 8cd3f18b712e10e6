package im.stanzabus.session;

import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Element;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/// An IQ request of a client to its own account that reads or changes the session's state. Later stanzas
/// for the account wait until it is done. Called on the partition's context.
interface OwnIq {
    /// The namespace of the request's child, which is announced as a feature of every virtual host too.
    String namespace();

    /// Answers as {@link im.stanzabus.session.iq.IqProcessor#process} does.
    Future<@Nullable Element> process(Account account, Resource client, SessionEvent.FromClient from, Element query);
}
