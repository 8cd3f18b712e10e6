package im.stanzabus.bus;

/// Builds every bus address. A component's address is written like a bare JID, `name@node`; work that any
/// instance
/// may do has a plain name. Addresses are few: registered once per verticle instance, never one per user.
public final class Addresses {
    /// Accounts and SASL: any auth-service.
    public static final String AUTH = "auth";

    /// Rosters and block lists: any roster-service.
    public static final String ROSTER = "roster";

    /// The message log: any offline-service.
    public static final String LOG = "log";

    /// What an account keeps about itself: any profile-service.
    public static final String PROFILE = "profile";

    /// The entity capabilities of the virtual hosts: whoever answers disco#info for them.
    public static final String CAPS = "caps";

    private Addresses() {}

    /// One instance of a client gateway.
    public static String gateway(NodeId node, int instance) {
        return "c2s." + instance + '@' + node;
    }

    /// One partition of the session managers of a node.
    public static String sessions(NodeId node, int partition) {
        return "sm." + partition + '@' + node;
    }

    /// Where the owner of an account takes {@link im.stanzabus.bus.api.Purge}: it ends the sessions of a
    /// removed account, and
    /// answers when nothing more is written for it.
    public static String endSessions(String owner) {
        return "end:" + owner;
    }

    /// The service that answers a whole domain, such as a room service.
    public static String domain(String domain) {
        return "domain:" + domain;
    }

    /// The service that answers IQ requests of a namespace on behalf of accounts.
    public static String iq(String namespace) {
        return "iq:" + namespace;
    }
}
