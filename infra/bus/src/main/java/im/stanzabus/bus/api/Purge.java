package im.stanzabus.bus.api;

import im.stanzabus.bus.BusMessage;
import im.stanzabus.stanza.Jid;

/// Asks a service to forget everything it keeps for a removed account, at
/// {@link im.stanzabus.bus.ServiceDescriptor#purgeAddress()}. Answered with {@link Done}; may be asked again.
public record Purge(Jid account) implements BusMessage {}
