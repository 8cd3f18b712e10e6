package im.stanzabus.launcher;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

/// Makes the Vert.x of a process.
final class ProcessVertx {
    private ProcessVertx() {}

    /// With the native transport where there is one, else with Java's own. Nothing is served from the class
    /// path, so its file cache stays off.
    static Vertx create() {
        return Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    }
}
