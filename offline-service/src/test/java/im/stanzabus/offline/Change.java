package im.stanzabus.offline;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.api.LogRequest.Direction;
import im.stanzabus.bus.api.LogRequest.Entry;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import java.time.Instant;

/// Makes an entry that differs from another one.
record Change(Entry entry) {
    static Change of(Entry entry) {
        return new Change(entry);
    }

    Change epoch(long epoch) {
        return with(epoch, entry.received(), entry.peer(), entry.direction(), entry.origin(), entry.retry());
    }

    Change received(Instant received) {
        return with(entry.epoch(), received, entry.peer(), entry.direction(), entry.origin(), entry.retry());
    }

    Change sent() {
        return with(entry.epoch(), entry.received(), entry.peer(), Direction.SENT, entry.origin(), entry.retry());
    }

    Change peer(Jid peer) {
        return with(entry.epoch(), entry.received(), peer, entry.direction(), entry.origin(), entry.retry());
    }

    Change origin(long stream, long number) {
        return with(
                entry.epoch(),
                entry.received(),
                entry.peer(),
                entry.direction(),
                new Origin(stream, number),
                entry.retry());
    }

    Change retry() {
        return with(entry.epoch(), entry.received(), entry.peer(), entry.direction(), entry.origin(), true);
    }

    Change archived() {
        return new Change(full(true, entry.delivered(), entry.stanza()));
    }

    Change delivered(long id) {
        return new Change(full(entry.archived(), id, entry.stanza()));
    }

    Change stanza(Stanza stanza) {
        return new Change(full(entry.archived(), entry.delivered(), stanza));
    }

    private Entry full(boolean archived, long delivered, Stanza stanza) {
        return new Entry(
                entry.owner(),
                entry.epoch(),
                entry.id(),
                entry.received(),
                entry.peer(),
                entry.direction(),
                archived,
                entry.origin(),
                entry.retry(),
                delivered,
                stanza);
    }

    private Change with(long epoch, Instant received, Jid peer, Direction direction, Origin origin, boolean retry) {
        return new Change(new Entry(
                entry.owner(),
                epoch,
                entry.id(),
                received,
                peer,
                direction,
                entry.archived(),
                origin,
                retry,
                entry.delivered(),
                entry.stanza()));
    }
}
