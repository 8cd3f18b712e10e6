package im.stanzabus.bench.load.scenario;

/// What went wrong with stanzas.
///
/// @param lost how many never arrived
/// @param doubled how many arrived another time
/// @param misdelivered how many arrived at somebody else
public record Losses(long lost, long doubled, long misdelivered) {
    static final Losses NONE = new Losses(0, 0, 0);

    /// Whether everything arrived once, where it was meant to.
    public boolean areNone() {
        return equals(NONE);
    }
}
