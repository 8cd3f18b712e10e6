package im.stanzabus.bus;

/// Where a stanza goes: the decision of the {@link Router} as a value.
public sealed interface Route {
    /// To the owner of an account of a virtual host.
    ///
    /// @param slot whose owner the {@link SlotTable} knows
    record Account(int slot) implements Route {}

    /// To a virtual host itself; a session manager that holds the stanza answers it.
    record Host(String domain) implements Route {}

    /// To the service that announced the domain, under this name.
    record Service(String name) implements Route {}

    /// To a domain that nobody here answers: to the gateway that owns the way to it, if there is
    /// any.
    record Remote(String domain) implements Route {}
}
