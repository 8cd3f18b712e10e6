package im.stanzabus.bus.api;

import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.Origin;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// What roster-service is asked, at {@link im.stanzabus.bus.Addresses#ROSTER}. Requests for one account come from its
/// owner, one after the other; the service itself keeps nothing between requests but the database. Every request may
/// be repeated: a change that was made already is answered with what it was answered with before.
public sealed interface RosterRequest extends BusMessage {
    /// Everything that the owner of an account needs to know when the account comes into use. Answered with
    /// {@link Snapshot}.
    record Load(Jid account) implements RosterRequest {}

    /// @param version of the roster (RFC 6121 section 2.6)
    /// @param items contacts that are shown in the roster
    /// @param blocked the block list (XEP-0191)
    /// @param pending subscription requests that wait for the user's answer, as they arrived, with all extensions
    record Snapshot(String version, List<RosterItem> items, List<Jid> blocked, List<Stanza> pending)
            implements BusMessage {}

    /// What changed since a version that a client knows (RFC 6121 section 2.6). Answered with {@link Changes}.
    record ChangesSince(Jid account, String version) implements RosterRequest {}

    /// @param known false if the version is too old or unknown, and the whole roster must be sent
    /// @param changes the items that changed since, in order, as they are now; removed ones with REMOVE
    record Changes(boolean known, List<Push> changes) implements BusMessage {}

    /// A roster set by the user for one contact (RFC 6121 sections 2.3 to 2.5);
    /// Answered with {@link Outcome}.
    ///
    /// @param remove true to delete the contact
    /// @param origin where the request came in: by it a repetition is recognised
    record Set(Jid account, Jid contact, @Nullable String name, List<String> groups, boolean remove, Origin origin)
            implements RosterRequest {
        /// A change that only the bus repeats.
        public Set(Jid account, Jid contact, @Nullable String name, List<String> groups, boolean remove) {
            this(account, contact, name, groups, remove, nowhereElse());
        }
    }

    /// A subscription stanza that the user sends (RFC 6121 sections 3.1.2, 3.1.5, 3.2.2, 3.3.2 and Appendix A.2).
    /// Answered with {@link Outcome}.
    ///
    /// @param origin where the stanza came in: by it a repetition is recognised
    record Outbound(Jid account, Stanza stanza, Origin origin) implements RosterRequest {
        /// A change that only the bus repeats.
        public Outbound(Jid account, Stanza stanza) {
            this(account, stanza, nowhereElse());
        }
    }

    /// A subscription stanza that arrives for the user (RFC 6121 sections 3.1.3, 3.1.6, 3.2.3, 3.3.3 and Appendix A.3).
    /// Answered with {@link Outcome}. A request to subscribe is kept until it is answered.
    ///
    /// @param origin where the stanza came in, or the stanza of which it is a consequence: by it and the type
    ///     of the stanza a repetition is recognised
    record Inbound(Jid account, Stanza stanza, Origin origin) implements RosterRequest {
        /// A change that only the bus repeats.
        public Inbound(Jid account, Stanza stanza) {
            this(account, stanza, nowhereElse());
        }
    }

    /// What the contacts of an account that is about to be removed must be told (XEP-0077 section 3.2). Changes
    /// nothing and may be asked again; the removal itself is {@link Purge}. Answered with {@link Outcome}, of which
    /// only `send` is used.
    record Farewell(Jid account) implements RosterRequest {}

    /// What to do after a change; all of it is stored already.
    ///
    /// @param pushes roster pushes for the user's interested resources
    /// @param forward true if the stanza itself goes on: to the contact (Outbound) or
    ///     the user's resources (Inbound)
    /// @param send stanzas to send on the user's behalf, from and to bare JIDs: automatic answers, and after a
    ///     removal `unsubscribe` and `unsubscribed`
    /// @param sharing what changed in who sees the user's presence; null when nothing did
    record Outcome(
            List<Push> pushes,
            boolean forward,
            List<Stanza> send,
            @Nullable Sharing sharing) implements BusMessage {}

    /// A roster push (RFC 6121 section 2.1.6).
    record Push(String version, RosterItem item) implements BusMessage {}

    /// The contact now sees the user's presence (and must be sent it), or no more (and must be sent unavailable).
    enum Sharing {
        STARTED,
        ENDED
    }

    /// Adds to the block list. Answered with {@link BlockList}.
    record Block(Jid account, List<Jid> jids) implements RosterRequest {}

    /// Takes from the block list; an empty list empties it. Answered with {@link BlockList}.
    record Unblock(Jid account, List<Jid> jids) implements RosterRequest {}

    /// The block list as it is now.
    record BlockList(List<Jid> blocked) implements BusMessage {}

    private static Origin nowhereElse() {
        return new Origin(ThreadLocalRandom.current().nextLong(), 0);
    }
}
