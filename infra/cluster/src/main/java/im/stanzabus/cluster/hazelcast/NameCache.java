package im.stanzabus.cluster.hazelcast;

import java.security.Security;

/// How long Java remembers which addresses a name has: 30 s if nobody says otherwise, for which members that were
/// started together would go on as clusters of their own. Java reads it once, at the first name it looks up.
public final class NameCache {
    private static final String FOUND = "networkaddress.cache.ttl";
    private static final String NOT_FOUND = "networkaddress.cache.negative.ttl";
    private static final String DEFAULT_NOT_FOUND = "10";
    private static final String SECONDS = "2";

    private NameCache() {}

    /// To be called before the process looks up any name. What the JVM was configured with stays.
    public static void shorten() {
        if (Security.getProperty(FOUND) == null) {
            Security.setProperty(FOUND, SECONDS);
        }
        if (DEFAULT_NOT_FOUND.equals(Security.getProperty(NOT_FOUND))) {
            Security.setProperty(NOT_FOUND, SECONDS);
        }
    }
}
