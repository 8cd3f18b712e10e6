package im.stanzabus.cluster.testing;

import im.stanzabus.cluster.lease.Isolation;

/// A process that is cut off when a test wants it.
public final class CutOff {
    private final Isolation isolation = Isolation.none();

    public Isolation isolation() {
        return isolation;
    }

    public void begins() {
        isolation.set("the test wants it");
    }

    public void ends() {
        isolation.set(null);
    }
}
