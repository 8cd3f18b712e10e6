package im.stanzabus.bus.api;

import im.stanzabus.bus.BusMessage;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import java.time.Instant;
import java.util.List;

/// What the message log is asked, at {@link im.stanzabus.bus.Addresses#LOG}.
public sealed interface LogRequest extends BusMessage {
    /// Writes entries; answered with {@link Appended} after they are committed. One request may hold entries of many
    /// accounts; entries of one account are in order.
    record Append(List<Entry> entries) implements LogRequest {}

    /// One message kept for one account.
    ///
    /// @param owner bare JID of the account
    /// @param id grows with each entry of the account; given by the account's owner
    /// @param received when the server took the message in, for the delay stamp (XEP-0203)
    /// @param stanza as it is to be delivered, without the delay stamp
    record Entry(Jid owner, long id, Instant received, Stanza stanza) implements BusMessage {}

    /// For each entry of the request whether it is kept; false means that the account's quota is used up.
    record Appended(List<Boolean> kept) implements BusMessage {}

    /// Where the log of an account stands. Answered with {@link Mark}.
    record ReadMark(Jid owner) implements LogRequest {}

    /// @param lastId the highest id ever written for the account, delivered ones included; 0 for none
    /// @param waiting how many entries have not been delivered
    record Mark(long lastId, long waiting) implements BusMessage {}

    /// The first entries after an id that have not been delivered and have not expired, in order. Answered with
    /// {@link Page}.
    record ReadUndelivered(Jid owner, long afterId, int limit) implements LogRequest {}

    record Page(List<Entry> entries) implements BusMessage {}

    /// Moves the delivered mark: entries up to this id have reached the user. Answered with {@link Done}.
    record MarkDelivered(Jid owner, long id) implements LogRequest {}
}
