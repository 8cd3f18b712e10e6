package im.stanzabus.bus;

/// Who may ask an IQ namespace of an account. Whoever may not gets the very answer that an account which does not exist
/// would give.
public enum IqAccess {
    /// The account's own clients.
    SELF,
    /// The account and those it lets see its presence.
    SUBSCRIBERS
}
