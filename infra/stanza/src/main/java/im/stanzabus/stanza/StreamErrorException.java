package im.stanzabus.stanza;

/// Thrown by a parser when what it read must end the stream. No stack trace: it is the peer's mistake, not ours.
public final class StreamErrorException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient StreamError error;

    public StreamErrorException(StreamError error) {
        super(error.condition().wire() + (error.text() == null ? "" : ": " + error.text()), null, false, false);
        this.error = error;
    }

    public StreamErrorException(StreamError.Condition condition, String text) {
        this(StreamError.of(condition, text));
    }

    public StreamError error() {
        return error;
    }
}
