package im.stanzabus.roster;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.api.RosterRequest.Outcome;
import im.stanzabus.bus.api.RosterRequest.Push;
import im.stanzabus.bus.api.RosterRequest.Sharing;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a change entailed. A change that is asked for again, because nobody knows whether its answer arrived,
/// is not made again but answered from here: else the pushes and stanzas that follow from it would be lost.
/// What is not so any more, for the contact has changed since, is left out.
///
/// @param pushed a roster push followed
/// @param forward the stanza itself went on
/// @param send types of the stanzas that were sent to the contact
/// @param sharing whether the contact began or ceased to see the user's presence
record PastOutcome(
        boolean pushed,
        boolean forward,
        List<StanzaType> send,
        @Nullable Sharing sharing) {
    /// Which change of an account it is.
    ///
    /// @param direction where the stanza went
    /// @param type of the stanza; one removal of a contact sends it two
    record Key(Origin origin, Direction direction, StanzaType type) {
        static Key set(Origin origin) {
            return new Key(origin, Direction.SET, StanzaType.SET);
        }

        static Key outbound(Origin origin, StanzaType type) {
            return new Key(origin, Direction.OUTBOUND, type);
        }

        static Key inbound(Origin origin, StanzaType type) {
            return new Key(origin, Direction.INBOUND, type);
        }

        /// The values that begin each statement about it.
        Tuple of(String owner) {
            return Tuple.of(owner, origin.stream(), origin.number(), direction + " " + type);
        }
    }

    /// From a client to its roster, from the user to a contact, or from a contact to the user.
    enum Direction {
        SET,
        OUTBOUND,
        INBOUND
    }

    static PastOutcome of(Outcome outcome) {
        return new PastOutcome(
                !outcome.pushes().isEmpty(),
                outcome.forward(),
                outcome.send().stream().map(Stanza::type).toList(),
                outcome.sharing());
    }

    static PastOutcome read(Row row) {
        String sharing = row.getString(3);
        return new PastOutcome(
                row.getBoolean(0),
                row.getBoolean(1),
                Arrays.stream(row.getArrayOfStrings(2)).map(StanzaType::valueOf).toList(),
                sharing == null ? null : Sharing.valueOf(sharing));
    }

    /// The values to store, after those of the key.
    Tuple values(Tuple key) {
        return key.addBoolean(pushed)
                .addBoolean(forward)
                .addArrayOfString(send.stream().map(StanzaType::name).toArray(String[]::new))
                .addString(sharing == null ? null : sharing.name());
    }

    /// What still has to be done.
    ///
    /// @param now how the contact stands now
    /// @param pushes that tell it
    Outcome again(Key key, Jid account, Contact now, List<Push> pushes) {
        SubscriptionState state = now.standing().state();
        return new Outcome(
                pushes,
                forward && goesOn(key, state),
                send.stream()
                        .filter(type -> SubscriptionStates.stillHolds(type, state))
                        .map(type -> Stanza.presence(type, account, now.jid()))
                        .toList(),
                sharing != null && (sharing == Sharing.STARTED) == state.from() ? sharing : null);
    }

    /// What a contact answered is for the user to know in any case; a request only while it waits.
    private static boolean goesOn(Key key, SubscriptionState state) {
        return switch (key.direction()) {
            case SET -> false;
            case OUTBOUND -> SubscriptionStates.stillHolds(key.type(), state);
            case INBOUND -> key.type() != StanzaType.SUBSCRIBE || state.pendingIn();
        };
    }
}
