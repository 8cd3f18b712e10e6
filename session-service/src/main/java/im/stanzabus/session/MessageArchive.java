package im.stanzabus.session;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.bus.api.LogRequest.Direction;
import im.stanzabus.bus.api.LogRequest.Outcome;
import im.stanzabus.bus.api.StanzaIds;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Consumer;

/// Decides which messages are archived for an account (XEP-0313 section 6.1.1, XEP-0441), and writes the
/// entries of the log. Confined to the partition's context.
final class MessageArchive {
    private final MessageStore store;
    private final StanzaIds ids;
    private final Set<String> hosts;
    private final Doubts doubts;
    private final InstantSource clock;

    /// Names messages that came without an origin.
    private final long ownStream = new SecureRandom().nextLong();

    private long ownNumber;

    /// @param hosts those whose accounts have archives
    MessageArchive(MessageStore store, StanzaIds ids, Set<String> hosts, Doubts doubts, InstantSource clock) {
        this.doubts = doubts;
        this.store = store;
        this.ids = ids;
        this.hosts = Set.copyOf(hosts);
        this.clock = clock;
    }

    /// Whether the account has an archive.
    boolean has(Account account) {
        return hosts.contains(account.jid().domain()) && account.hasLog();
    }

    /// Whether a message with a peer belongs in the account's archive.
    boolean wants(Account account, Stanza message, Jid peer) {
        return has(account)
                && MessageRules.isArchivable(message)
                && account.log.preferences().want(peer, account.roster());
    }

    /// An id of the account's log as clients see it.
    String stanzaId(Account account, long id) {
        if (account.idTag == 0) {
            account.idTag = StanzaIds.tag(account.jid());
        }
        return ids.write(account.idTag, id);
    }

    /// True if so much waits for the log that nothing more is to be begun.
    boolean isFull() {
        return store.isFull();
    }

    Instant now() {
        return clock.instant();
    }

    /// Writes a message that the account received.
    ///
    /// @param stamped with its stanza-id
    /// @param received when the server took it in
    void received(
            Account account,
            long id,
            Stanza stamped,
            SessionEvent.Inbound inbound,
            Instant received,
            boolean archived,
            Consumer<Outcome> then) {
        Origin known = inbound.origin();
        Origin origin = known == null ? new Origin(ownStream, ++ownNumber) : known;
        Jid from = stamped.from();
        Jid peer = from == null ? account.jid() : from.bare();
        boolean retry = inbound.retry() || doubts.mayBeHere(account, inbound);
        append(account, id, received, peer, Direction.RECEIVED, archived, origin, retry, stamped, then);
    }

    /// Writes a message that the account sent.
    void sent(Account account, long id, Stanza message, Jid to, Origin origin, boolean retry, Consumer<Outcome> then) {
        append(account, id, now(), to.bare(), Direction.SENT, true, origin, retry, message, then);
    }

    private void append(
            Account account,
            long id,
            Instant received,
            Jid peer,
            Direction direction,
            boolean archived,
            Origin origin,
            boolean retry,
            Stanza stanza,
            Consumer<Outcome> then) {
        AccountLog log = account.log;
        LogRequest.Entry entry = new LogRequest.Entry(
                account.jid(), log.epoch(), id, received, peer, direction, archived, origin, retry, log.mark(), stanza);
        store.append(account, entry, then);
    }
}
