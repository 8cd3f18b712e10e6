package im.stanzabus.drill.books;

/// What is known of one message. Times are in milliseconds of the drill's clock, -1 as long as it has not happened.
final class Passage {
    private static final long NEVER = -1;

    private final Label label;
    private final long sentAt;
    private long acknowledgedAt = NEVER;
    private long deliveredAt = NEVER;
    private int streams = 1;
    private boolean refused;
    private boolean archived;

    Passage(Label label, long sentAt) {
        this.label = label;
        this.sentAt = sentAt;
    }

    Label label() {
        return label;
    }

    long sentAt() {
        return sentAt;
    }

    long acknowledgedAt() {
        return acknowledgedAt;
    }

    long deliveredAt() {
        return deliveredAt;
    }

    boolean isAcknowledged() {
        return acknowledgedAt != NEVER;
    }

    boolean isDelivered() {
        return deliveredAt != NEVER;
    }

    boolean isRefused() {
        return refused;
    }

    boolean isArchived() {
        return archived;
    }

    /// On how many streams the client has sent it; more than one means that it made copies itself.
    int streams() {
        return streams;
    }

    void sentAgain() {
        streams++;
    }

    void acknowledged(long now) {
        if (!isAcknowledged()) {
            acknowledgedAt = now;
        }
    }

    void delivered(long now) {
        if (!isDelivered()) {
            deliveredAt = now;
        }
    }

    void refused() {
        refused = true;
    }

    void archived() {
        archived = true;
    }

    /// The server has taken it, did not refuse it, and nobody got it.
    boolean isLost() {
        return isAcknowledged() && !refused && !isDelivered();
    }
}
