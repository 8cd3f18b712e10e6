package im.stanzabus.cluster;

/// What senders, owners and the log do so that nothing is lost, doubled or out of order. A simulation that
/// leaves one out must fail.
enum Rule {
    /// The log refuses entries of an epoch that another owner's claim has passed.
    FENCING,
    /// The log looks for the origin of what may have been written before.
    RETRY_IS_LOOKED_UP,
    /// A gateway keeps a stanza until it is handled and sends it again to the next owner.
    GATEWAY_SENDS_AGAIN,
    /// An owner keeps what it sent to the owner of the receiver, and sends it again to the next one.
    OWNER_SENDS_AGAIN,
    /// A gateway whose owner left its view takes the next claim for one of a new owner.
    LOST_OWNER_IS_FORGOTTEN,
    /// An owner takes a stanza of another account only from senders that know its present epoch.
    EPOCH_OF_RECEIVER_IS_TOLD,
    /// An owner takes what comes out of turn of a stream for a retry.
    STREAMS_ARE_REMEMBERED,
    /// An owner finds the owner of a receiver by the claims that it has dealt with itself, not by a table
    /// that is ahead of it.
    CLAIMS_ARE_DEALT_WITH_IN_ORDER
}
