package im.stanzabus.bus;

/// Builds every bus address. What a process serves has a name; its address there is written like a
/// bare JID, `name@node`. Names and addresses are few: registered once per verticle instance, never
/// one per user.
public final class Addresses {
    /// Accounts and SASL: any auth-service.
    public static final String AUTH = "auth";

    /// Rosters and block lists: any roster-service.
    public static final String ROSTER = "roster";

    /// The message log: any offline-service.
    public static final String LOG = "log";

    /// What an account keeps about itself: any profile-service.
    public static final String PROFILE = "profile";

    /// Where a sender-service hears what was taken over of what it sends.
    public static final String SENDER = "sender";

    /// The entity capabilities of the virtual hosts: whoever answers disco#info for them.
    public static final String CAPS = "caps";

    /// What all names of client gateways start with.
    public static final String GATEWAYS = "c2s.";

    /// What all names of session managers start with.
    public static final String SESSIONS = "sm.";

    /// What all names of gateways to other servers start with.
    public static final String SERVERS = "s2s.";

    /// Where a process with external components is told that their stanzas were taken over.
    public static final String COMPONENTS = "components";

    /// Where every process learns who owns which slots: {@link SlotClaim}.
    public static final String SLOTS = "slots";

    /// What every process tells of itself to operators: {@link im.stanzabus.bus.api.StatusRequest}.
    public static final String STATUS = "status";

    private Addresses() {}

    /// Where a node serves a name.
    public static String at(String name, NodeId node) {
        return name + '@' + node;
    }

    /// The node of an address.
    public static NodeId nodeOf(String address) {
        return new NodeId(address.substring(address.lastIndexOf('@') + 1));
    }

    /// The name of an address.
    static String nameOf(String address) {
        return address.substring(0, Math.max(0, address.lastIndexOf('@')));
    }

    /// The name of one instance of a client gateway.
    public static String gateway(int instance) {
        return GATEWAYS + instance;
    }

    /// The name of one instance of a gateway to other servers.
    public static String servers(int instance) {
        return SERVERS + instance;
    }

    /// The name of one partition of the session managers of a node.
    public static String sessions(int partition) {
        return SESSIONS + partition;
    }

    /// Where the owner of an account takes {@link im.stanzabus.bus.api.Purge}: it ends the sessions
    /// of a removed account, and answers when nothing more is written for it.
    ///
    /// @param owner the name or the address of a session manager
    public static String endSessions(String owner) {
        return "end." + owner;
    }

    /// The name of the service that answers a whole domain, such as a room service.
    public static String domain(String domain) {
        return "domain:" + domain;
    }

    /// The name of the service that answers IQ requests of a namespace on behalf of accounts.
    public static String iq(String namespace) {
        return "iq:" + namespace;
    }
}
