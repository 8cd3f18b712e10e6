package im.stanzabus.bus.api;

import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.Origin;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import java.time.Instant;
import java.util.List;

/// What the message log is asked, at {@link im.stanzabus.bus.Addresses#LOG}. Every request may be repeated.
public sealed interface LogRequest extends BusMessage {
    /// Writes entries; answered with {@link Appended} after they are committed. One request may hold
    /// entries of many accounts; entries of one account are in order.
    record Append(List<Entry> entries) implements LogRequest {}

    /// One message kept for one account.
    ///
    /// @param owner bare JID of the account
    /// @param epoch of the owner's claim; an entry of an owner that another has replaced is refused
    /// @param id grows with each entry of the account; given by the account's owner, from {@link Standing} on
    /// @param received when the server took the message in, for the delay stamp (XEP-0203)
    /// @param peer with whom the message was exchanged, a bare JID
    /// @param direction whether the account sent or received it
    /// @param archived true to keep it after it was delivered, as part of the archive (XEP-0313)
    /// @param origin where it came in
    /// @param retry true to look first whether a message of the origin is there already, under another id
    /// @param delivered the delivered mark of the account as its owner knows it
    /// @param stanza as it is to be delivered, without the delay stamp
    record Entry(
            Jid owner,
            long epoch,
            long id,
            Instant received,
            Jid peer,
            Direction direction,
            boolean archived,
            Origin origin,
            boolean retry,
            long delivered,
            Stanza stanza)
            implements BusMessage {}

    enum Direction {
        SENT,
        RECEIVED
    }

    /// What became of each entry of the request.
    record Appended(List<Outcome> outcomes) implements BusMessage {}

    enum Outcome {
        /// It is there, from this request or an earlier one.
        KEPT,
        /// A message of the same origin is there under another id; nothing was written.
        DUPLICATE,
        /// Somebody else owns the account.
        STALE,
        /// The database does not take it, and will not take it later.
        REFUSED
    }

    /// A new owner takes the account's log over: from the answer on, entries of lower epochs are refused.
    /// Answered with {@link Standing}.
    record Claim(Jid owner, long epoch) implements LogRequest {}

    /// Where the log of an account stands.
    ///
    /// @param stale true if a higher epoch has claimed it; the rest has no meaning then
    /// @param lastId the highest id ever written for the account; 0 for none
    /// @param deliveredId received entries up to this one have reached the user
    /// @param waiting how many received entries are after that
    /// @param quota how many may wait for a user who is away
    /// @param preference what the account wants archived (XEP-0441)
    /// @param always exceptions: peers with whom all is archived
    /// @param never exceptions: peers with whom nothing is
    record Standing(
            boolean stale,
            long lastId,
            long deliveredId,
            long waiting,
            int quota,
            ArchivePreference preference,
            List<Jid> always,
            List<Jid> never)
            implements BusMessage {}

    /// XEP-0441 section 2.
    enum ArchivePreference {
        ALWAYS,
        NEVER,
        ROSTER
    }

    /// The first received entries after an id and after the delivered mark, in order. Answered with
    /// {@link Page}.
    record ReadUndelivered(Jid owner, long afterId, int limit) implements LogRequest {}

    /// @param entries as many as were asked for, unless there are no more
    record Page(List<Entry> entries) implements BusMessage {}

    /// Moves delivered marks, each forward only: received entries up to the id have reached the user.
    /// Answered with {@link Done}, also for marks that were left aside.
    ///
    /// What an owner counts was confirmed by clients, and lies below all that the next owner writes: so a late
    /// mark takes no message from anybody, as long as the log is the same. But the account may have been removed
    /// and made anew meanwhile, and its ids begin at 1 again. Therefore the mark of an owner that another has
    /// replaced is left aside, as its entries are refused.
    record MarkDelivered(List<Mark> marks) implements LogRequest {}

    /// @param epoch of the owner's claim; 0 from a process of a version that did not tell it: taken as it is
    record Mark(Jid owner, long id, long epoch) implements BusMessage {}
}
