package im.stanzabus.offline.archive;

/// The id of an archived message as clients see it.
final class ArchiveId {
    private static final int MOST_DIGITS = 18;

    private ArchiveId() {}

    /// @throws im.stanzabus.bus.BusFailure `item-not-found` for what no message can have as its id
    static long parse(String text) {
        boolean canonical = !text.isEmpty()
                && text.length() <= MOST_DIGITS
                && text.charAt(0) != '0'
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!canonical) {
            throw Refusal.notFound();
        }
        return Long.parseLong(text);
    }
}
