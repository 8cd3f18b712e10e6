package im.stanzabus.bench.load.client;

/// What happens to a client. Everything is called by the thread of the loop.
public interface ClientEvents {
    /// The account is there, made now or before.
    default void registered(Client client) {}

    /// The client's own presence has come back.
    default void online(Client client) {}

    /// A stamped message or presence has come.
    default void delivered(Client client, Stamp stamp) {}

    /// Another presence has come.
    ///
    /// @param type its type, empty for available
    /// @param from the sender's bare JID, as the server writes it
    default void presence(Client client, String type, String from) {}

    /// A request was answered.
    default void answered(Client client, String id) {}

    /// Something happened that should not have.
    default void mishap(Client client, String what) {}

    /// The connection is gone.
    ///
    /// @param wanted whether the client had ended its stream or had never begun one
    default void closed(Client client, boolean wanted) {}
}
