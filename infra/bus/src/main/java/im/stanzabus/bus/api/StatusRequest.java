package im.stanzabus.bus.api;

import im.stanzabus.bus.BusMessage;

/// Asks a process, at {@link im.stanzabus.bus.Addresses#STATUS}, for its {@link ProcessStatus}.
public record StatusRequest() implements BusMessage {}
