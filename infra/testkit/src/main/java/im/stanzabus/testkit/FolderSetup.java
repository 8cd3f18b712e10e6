package im.stanzabus.testkit;

import java.io.IOException;
import java.nio.file.Path;

/// Puts files into the folder of a server before it is started. Implementations have a constructor without parameters.
@FunctionalInterface
public interface FolderSetup {
    /// @param folder where relative paths of the configuration start
    void prepare(Path folder) throws IOException;

    /// No files.
    final class None implements FolderSetup {
        @Override
        public void prepare(Path folder) {
            // nothing is needed
        }
    }
}
