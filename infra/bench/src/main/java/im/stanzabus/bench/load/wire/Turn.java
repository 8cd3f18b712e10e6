package im.stanzabus.bench.load.wire;

/// What a loop does each time before it waits.
@FunctionalInterface
public interface Turn {
    /// A turn that does nothing, for as long as time allows.
    Turn WAIT = () -> false;

    /// May connect and send.
    ///
    /// @return true if the loop is to end
    boolean isOver();
}
