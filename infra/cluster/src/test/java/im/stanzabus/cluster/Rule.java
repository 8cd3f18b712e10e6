package im.stanzabus.cluster;

import java.util.EnumSet;
import java.util.Set;

/// What senders, owners and the log do so that nothing is lost, doubled or out of order. A simulation
/// that leaves one out must fail.
///
/// The last five are for messages that are lost or doubled on a link that lives. With them some of the others
/// are needed only to be quick: without these it would only take seconds longer.
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
    CLAIMS_ARE_DEALT_WITH_IN_ORDER,
    /// An owner takes for a retry what it gets soon after it has taken over, and what comes from one that it
    /// does not know as the owner of the sender: the last owner may have got it from another.
    DOUBTFUL_ONES_ARE_LOOKED_UP,
    /// An owner has a gateway announce again, and send again, when numbers of a stream are left out or the
    /// connection is not known.
    GAPS_ARE_ASKED_FOR,
    /// A stanza for another account names the one before it in its stream; without that one it is not
    /// taken.
    STANZA_BEFORE_IS_NAMED,
    /// An owner sends again what was not accepted for long.
    SILENT_OWNER_IS_SENT_AGAIN,
    /// A gateway sends the last stanza of a stream again that was not handled for long, and is told then
    /// what is handled.
    SILENT_OWNER_IS_ASKED;

    /// What is enough where nothing is lost but what the faults of processes and of the network cost.
    static Set<Rule> withoutLoss() {
        return EnumSet.range(FENCING, CLAIMS_ARE_DEALT_WITH_IN_ORDER);
    }
}
