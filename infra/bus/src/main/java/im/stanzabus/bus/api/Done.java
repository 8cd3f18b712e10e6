package im.stanzabus.bus.api;

import im.stanzabus.bus.BusMessage;

/// The answer to a request that only has to be carried out.
public record Done() implements BusMessage {
    public static final Done DONE = new Done();
}
