package im.stanzabus.launcher.cli;

import im.stanzabus.launcher.LaunchOptions;
import im.stanzabus.launcher.Launcher;
import im.stanzabus.launcher.RunningServer;
import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.launcher.config.ConfigKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/// `stanzabus warm-up`: starts and stops a server of its own, so that the JVM can record for its AOT cache
/// (JEP 514) what a start needs. Touches neither the user's configuration nor data nor ports.
@Command(name = "warm-up", hidden = true, description = "Start and stop a server that nobody uses.")
final class WarmUpCommand implements Callable<Integer> {
    private static final long LIMIT_SECONDS = 120;

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("stanzabus-warm-up");
        try {
            LaunchOptions options = LaunchOptions.of(ConfigFile.of("", folder, anyPorts(folder)))
                    .withLogging();
            RunningServer server = Launcher.start(options)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            try (HttpClient client = HttpClient.newHttpClient()) {
                for (String path : List.of("/health/ready", "/metrics")) {
                    HttpRequest request = HttpRequest.newBuilder(URI.create(server.httpAddress() + path))
                            .build();
                    client.send(request, HttpResponse.BodyHandlers.ofString());
                }
            } finally {
                server.stop().toCompletionStage().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
            }
            return 0;
        } finally {
            delete(folder);
        }
    }

    /// Lets every port be any free one.
    private static Map<String, String> anyPorts(Path folder) {
        LaunchOptions defaults = LaunchOptions.of(ConfigFile.of("", folder));
        Launcher.check(defaults);
        Map<String, String> environment = new HashMap<>();
        for (ConfigKey key : defaults.config().keys()) {
            if (key.isPort() && !key.defaultText().equals("0")) {
                environment.put(key.variable(), "0");
            }
        }
        return environment;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
