package im.stanzabus.storage;

/// The database cannot be used. The message is one line that tells the operator what is wrong and, where it helps,
/// what to do; there is no stack trace, because it is not a fault of this program.
public final class DatabaseUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DatabaseUnavailable(String message) {
        super(oneLine(message), null, false, false);
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
