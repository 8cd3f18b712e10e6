package im.stanzabus.bus;

import im.stanzabus.stanza.StanzaError;

/// The process that was asked died, or does not serve the address any more.
final class MemberLost extends BusFailure {
    private static final long serialVersionUID = 1L;

    MemberLost(String address) {
        super(
                StanzaError.of(StanzaError.Condition.RESOURCE_CONSTRAINT, "a part of the server is not running"),
                address + " is gone");
    }
}
