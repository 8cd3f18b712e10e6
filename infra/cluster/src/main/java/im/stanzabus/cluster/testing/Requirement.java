package im.stanzabus.cluster.testing;

import java.util.function.Consumer;

/// What a test needs of the machine. Somebody's own machine may lack it: then the test is skipped and says what to do.
/// Where the project is checked (`CI=true`) it must be there, or nobody would notice that the test never runs.
public final class Requirement {
    private Requirement() {}

    /// @param there whether the machine has it
    /// @param otherwise what is missing, and the command that helps
    /// @param skip aborts the test with a message
    /// @throws AssertionError if it is missing and must not be
    public static void of(boolean there, String otherwise, Consumer<String> skip) {
        of(there, otherwise, skip, "true".equals(System.getenv("CI")));
    }

    static void of(boolean there, String otherwise, Consumer<String> skip, boolean required) {
        if (there) {
            return;
        }
        if (required) {
            throw new AssertionError(otherwise);
        }
        skip.accept(otherwise);
    }
}
