package im.stanzabus.bus;

import java.util.Map;

/// What the owner of slots tells every process at {@link Addresses#SLOTS}: when it begins to own them,
/// when a process joins, and now and then, as any message may be lost. Gateways answer to the owner's
/// address with a {@link SessionEvent.Announce} for each of their connections of these slots, then what
/// the old owner has not handled, and {@link SessionEvent.Announced} at the end.
///
/// @param owner the address of the session manager
/// @param round names this claim in the answers; 0 where none are wanted. With a number, something may have
///     been lost between its owner and whoever hears it: all that waits for an answer of the owner is to be
///     sent to it again, as to a new owner
/// @param epochs the slots, each with the epoch that PostgreSQL gave it: of two claims for a slot the
///     higher is true
public record SlotClaim(String owner, long round, Map<Integer, Long> epochs) implements BusMessage {}
