package im.stanzabus.bus.api;

import im.stanzabus.bus.BusMessage;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import java.util.List;

/// An IQ request to an account that a service answers in its place, at {@link
/// im.stanzabus.bus.Addresses#iq}. Access was checked by what the service announced. Answered with {@link
/// Answer}; a refusal is a failed {@link im.stanzabus.bus.BusFailure}.
///
/// @param account whose data is asked
/// @param own true if the account itself asks
/// @param iq the request
public record IqRequest(Jid account, boolean own, Stanza iq) implements BusMessage {
    /// @param before stanzas that the asker is sent before the result, such as the messages of an archive
    ///     page
    /// @param payload of the result; none or one element
    public record Answer(List<Stanza> before, List<Element> payload) implements BusMessage {
        public Answer(List<Element> payload) {
            this(List.of(), payload);
        }
    }
}
