package im.stanzabus.roster;

import im.stanzabus.stanza.ElementName;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;

/// A subscription request that waits for the user's answer. It is stored whole, its content byte by byte,
/// because the extensions in it are for the user to see (RFC 6121 section 3.1.3).
///
/// @param stanza from and to bare JIDs
/// @param receivedMicros when it arrived
record WaitingRequest(Stanza stanza, long receivedMicros) {

    /// Reads a row of {@link RosterRows}.
    static WaitingRequest read(Row row, Jid account) {
        String[] children = row.getArrayOfStrings(3);
        ElementName[] names = new ElementName[children.length / 2];
        for (int i = 0; i < names.length; i++) {
            names[i] = new ElementName(children[2 * i], children[2 * i + 1]);
        }
        Payload payload = new Payload(row.getBuffer(7).getBytes(), names);
        return new WaitingRequest(
                new Stanza(
                        Stanza.Kind.PRESENCE,
                        StanzaType.SUBSCRIBE,
                        row.getString(2),
                        Jid.of(row.getString(1)),
                        account.bare(),
                        row.getString(4),
                        payload),
                row.getLong(8));
    }

    /// The values to store: owner, contact, id, language, content, names of the children.
    static Tuple values(String owner, Jid contact, Stanza request) {
        Payload payload = request.payload();
        String[] children = new String[2 * payload.size()];
        for (int i = 0; i < payload.size(); i++) {
            children[2 * i] = payload.name(i).namespace();
            children[2 * i + 1] = payload.name(i).name();
        }
        return Tuple.of(
                owner, contact.toString(), request.id(), request.lang(), Buffer.buffer(payload.bytes()), children);
    }
}
