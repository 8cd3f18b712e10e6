package im.stanzabus.cluster.hazelcast;

/// The process cannot join its cluster. The message is one line for the operator; there is no stack trace.
public final class CannotJoin extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CannotJoin(String message) {
        super(message, null, false, false);
    }
}
