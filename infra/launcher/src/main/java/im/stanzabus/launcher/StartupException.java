package im.stanzabus.launcher;

/// Something keeps the server from starting or a command from being carried out that the person in front of
/// it can change. The message is one line for that person; there is no stack trace.
public final class StartupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartupException(String message) {
        super(message, null, false, false);
    }
}
