package im.stanzabus.bus;

import im.stanzabus.stanza.Stanza;
import java.util.List;

/// Stanzas for a service that answers a domain of its own, in order.
public record Routed(List<Stanza> stanzas) implements BusMessage {}
