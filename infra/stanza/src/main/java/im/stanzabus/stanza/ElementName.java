package im.stanzabus.stanza;

/// The expanded name of an element: namespace and local name.
public record ElementName(String namespace, String name) {}
