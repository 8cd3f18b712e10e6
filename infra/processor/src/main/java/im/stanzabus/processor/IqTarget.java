package im.stanzabus.processor;

/// To whom an IQ request is addressed, as the one who asks stands to it.
public enum IqTarget {
    /// A virtual host.
    HOST,
    /// The asker's own account: no `to`, or its own bare JID.
    OWN,
    /// Another account, which lets the asker see its presence.
    SUBSCRIBED,
    /// Another account, which does not. Answers must not tell whether it exists.
    STRANGER
}
