package im.stanzabus.drill.books;

import java.util.List;

/// The sum of the books.
///
/// @param sent messages that clients gave to a stream
/// @param acknowledged covered by an `<a/>` or by the `h` of a resumption (XEP-0198)
/// @param unacknowledged sent and never covered
/// @param refused came back as an error
/// @param refusedAndDelivered came back as an error, yet somebody got them
/// @param delivered reached a client of the receiver
/// @param lost acknowledged, not refused, and delivered to nobody
/// @param lostButArchived those of them that the receiver's archive holds
/// @param knownCopies deliveries that a client drops because it knows the stanza-id
/// @param doubled deliveries of a message beyond the first that no stanza-id gives away
/// @param sentAgain messages that their client sent on a second stream because it could not resume the first
/// @param ownCopies deliveries beyond the first that the client made itself by sending again
/// @param outOfOrder first deliveries that came after a later message of the same pair
/// @param withoutStanzaId deliveries that carry no stanza-id of the receiver's account
/// @param strangers deliveries of what nobody sent, or to whom it was not sent
/// @param clashes deliveries under a stanza-id that the same account has used for another message
/// @param examples the first few cases of each fault, in words
public record Tally(
        long sent,
        long acknowledged,
        long unacknowledged,
        long refused,
        long refusedAndDelivered,
        long delivered,
        long lost,
        long lostButArchived,
        long knownCopies,
        long doubled,
        long sentAgain,
        long ownCopies,
        long outOfOrder,
        long withoutStanzaId,
        long strangers,
        long clashes,
        List<String> examples) {

    /// Whether the contract was kept, on evidence: books in which nothing was acknowledged prove nothing.
    public boolean isClean() {
        return acknowledged > 0
                && unacknowledged == 0
                && lost == 0
                && doubled == 0
                && outOfOrder == 0
                && strangers == 0
                && clashes == 0
                && refusedAndDelivered == 0;
    }
}
