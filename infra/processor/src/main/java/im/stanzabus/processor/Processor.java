package im.stanzabus.processor;

import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import java.util.List;

/// Code inside session-service with up to four places on the way of a stanza. Which of them are
/// asked, and for which stanzas, says the {@link ProcessorDescriptor}; a method that it names no
/// stanzas for is never called.
///
/// All methods are called on event loops of session-service, at the same time for different
/// accounts. One call must neither block nor take long: everybody whose account is on that event
/// loop waits meanwhile. A call that takes more than 10 ms is logged with the processor's name. A
/// call that throws is logged too; what becomes of its stanza is said at each method, and other
/// stanzas are not touched by it.
///
/// **A stanza may come more than once**: when session-service hands the account over or is
/// killed, its successor is sent what is not done again, perhaps in another process. So a
/// processor must say the same of the same stanza each time. It keeps no state that its answers
/// depend on, and counts nothing that must be exact.
public interface Processor {
    /// *Before*: a client of an account on this server has sent a stanza, and the server has not looked at it
    /// yet. Processors are asked in their order; each sees what those before it have made of the stanza, and
    /// the first that refuses or drops it ends the row.
    ///
    /// A message, a request or a subscription stanza for which this throws comes back to its
    /// sender with `internal-server-error`; everything else goes on as it is.
    ///
    /// @param passage its client is the sender
    default Verdict before(Passage passage) {
        return Verdict.pass();
    }

    /// *Processing*: an IQ request in the namespace that the descriptor names, to the addresses
    /// that it names.
    ///
    /// A request for which this throws is answered with `internal-server-error`. The sender's
    /// stream waits for its acknowledgement until the answer is there.
    default Answer answer(IqQuestion question) {
        return Answer.refusal(Condition.SERVICE_UNAVAILABLE);
    }

    /// *After*: the server has applied its own rules to a stanza that a client of the account has
    /// sent, or that has come for the account. Whether they let it through is not told, and
    /// neither is it certain yet that it is
    /// safe.
    ///
    /// What is returned is sent in that order, at most {@link #MOST_FURTHER} stanzas. Each needs a `to`, and a
    /// `from` that is the account's, bare or full, or its host; with another one, or if this throws, nothing
    /// is sent. No processor is asked *before* a further stanza, and it goes into no archive of its sender.
    /// Its receiver's processors see it like any other: a processor must not answer what may be an answer of
    /// its like, or two accounts answer each other for ever.
    ///
    /// A further stanza is kept and sent again until it is accepted, and its receiver gets it once though this
    /// is called twice. A stanza that a client has sent is not acknowledged before; of a message that came for
    /// the account, what follows is lost if its owner is killed in that moment. What follows from a stanza of
    /// which nobody waits to hear that it was accepted, such as an IQ result, is sent once and may be lost.
    ///
    /// @param passage its client is the sender; without a client, the stanza came for the account
    default List<Stanza> after(Passage passage) {
        return List.of();
    }

    /// *Outgoing filter*: a stanza is about to be sent to a client of the account, including what the server
    /// itself has to tell it. Asked once for each client, and again when the stanza moves to another client or
    /// comes from the log once more; so filtering what is filtered must change nothing.
    ///
    /// A stanza that is dropped counts as delivered to this client: it does not come from the log again if
    /// another client does not get it either. It stays in the account's archive. A stanza for which this
    /// throws is delivered as it is.
    ///
    /// @param passage its client is the receiver
    default FilterVerdict outgoing(Passage passage) {
        return Verdict.pass();
    }

    /// How many further stanzas one call of {@link #after} may ask for.
    int MOST_FURTHER = 16;
}
