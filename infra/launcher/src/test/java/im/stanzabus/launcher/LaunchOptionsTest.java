package im.stanzabus.launcher;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.launcher.config.Settings;
import io.vertx.core.Future;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchOptionsTest {
    @TempDir
    Path folder;

    /// A jar of somebody else's, in one line that the person can do something about.
    @Test
    void aServiceThatCannotBeLoadedIsNamed() throws Exception {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(ServiceModule.class.getName()), "org.example.Missing");
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader plugins =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
            thread.setContextClassLoader(plugins);
            assertThatThrownBy(() -> LaunchOptions.of(ConfigFile.of("", folder)))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("a service on the class path cannot be loaded")
                    .hasMessageContaining("org.example.Missing");
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /// What it reads its configuration with is in another jar.
    @Test
    void aServiceThatLacksALibraryIsNamed() {
        ServiceModule<Integer> lacking = new ServiceModule<>() {
            @Override
            public String name() {
                return "dice-service";
            }

            @Override
            public Integer configure(Settings settings) {
                throw new NoClassDefFoundError("org/example/Missing");
            }

            @Override
            public Future<RunningService> start(Integer config, ServiceContext context) {
                return Future.failedFuture("never");
            }
        };
        LaunchOptions options = LaunchOptions.of(ConfigFile.of("", folder)).withModules(List.of(lacking));

        assertThatThrownBy(() -> Launcher.check(options))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("service dice-service cannot be loaded")
                .hasMessageContaining("org/example/Missing");
    }

    @Test
    void twoServicesOfOneNameAreOneTooMany() {
        List<String> diary = FakeService.newDiary();
        LaunchOptions options = LaunchOptions.of(ConfigFile.of("", folder));

        assertThatThrownBy(() -> options.withModules(
                        List.of(new FakeService("dice-service", diary), new FakeService("dice-service", diary))))
                .isInstanceOf(StartupException.class)
                .hasMessage("two services are called 'dice-service': im.stanzabus.launcher.FakeService and"
                        + " im.stanzabus.launcher.FakeService");
    }
}
