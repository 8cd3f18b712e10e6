package im.stanzabus.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.ReflectionSupport;

/// Gives tests a running server ({@link TestServer}, {@link EmbeddedServer}) and a {@link Scene} of their own.
/// Classes with the same {@link ServerSettings} share a server, which runs until all tests are done. With the
/// system property `stanzabus.testkit.server` set to `domain:port:tls-port` a server that runs already is used
/// instead.
public final class XmppServerExtension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(XmppServerExtension.class);
    private static final String BASE = """
            data: data
            http: {port: 0}
            log: {level: warn}
            """;
    private static final String DEFAULT_HOSTS = """
            hosts:
              - domain: localhost
              - domain: capulet.example
            """;
    private static final String DEFAULT_GATEWAY = """
            c2s-gateway:
              host: 127.0.0.1
              port: 0
              direct-tls: {port: 0}
            """;

    /// Nobody else is out there.
    private static final String DEFAULT_SERVERS = """
            s2s-gateway:
              host: 127.0.0.1
              port: 0
              direct-tls: {port: 0}
              policies: [{domain: '*', blocked: true}]
            """;

    /// The servers of a test run by their configuration; all are stopped with the run's root context. A server
    /// that does not start is not tried again.
    private static final class Servers implements AutoCloseable {
        private final Map<String, FutureTask<EmbeddedServer>> byConfiguration = new ConcurrentHashMap<>();

        EmbeddedServer get(String yaml, Class<? extends FolderSetup> files) {
            FutureTask<EmbeddedServer> server = byConfiguration.computeIfAbsent(
                    yaml + files.getName(), key -> new FutureTask<>(() -> start(yaml, files)));
            server.run();
            if (server.state() == Future.State.FAILED) {
                throw new IllegalStateException(
                        "no server: " + server.exceptionNow().getMessage(), server.exceptionNow());
            }
            return server.resultNow();
        }

        private static EmbeddedServer start(String yaml, Class<? extends FolderSetup> files) throws IOException {
            Path folder = EmbeddedServer.newFolder();
            try {
                ReflectionSupport.newInstance(files).prepare(folder);
            } catch (IOException | RuntimeException e) {
                EmbeddedServer.delete(folder);
                throw e;
            }
            return new EmbeddedServer(yaml, folder);
        }

        @Override
        public void close() {
            for (FutureTask<EmbeddedServer> server : byConfiguration.values()) {
                if (server.state() == Future.State.SUCCESS) {
                    server.resultNow().close();
                }
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Scene.class || type == TestServer.class || type == EmbeddedServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        TestServer server = server(context);
        if (type == Scene.class) {
            Scene scene = new Scene(server);
            context.getStore(NAMESPACE).put(scene, scene);
            return scene;
        }
        return server;
    }

    private static TestServer server(ExtensionContext context) {
        String foreign = System.getProperty("stanzabus.testkit.server", "");
        if (!foreign.isEmpty()) {
            return ForeignServer.parse(foreign);
        }
        Servers servers = context.getRoot().getStore(NAMESPACE).getOrComputeIfAbsent(Servers.class);
        Class<?> test = context.getRequiredTestClass();
        ServerSettings settings = test.getAnnotation(ServerSettings.class);
        return servers.get(configuration(test), settings == null ? FolderSetup.None.class : settings.files());
    }

    /// The configuration that a test class asks for: what it says itself, and ports and hosts if it says nothing of
    /// them.
    static String configuration(Class<?> test) {
        ServerSettings settings = test.getAnnotation(ServerSettings.class);
        String own = settings == null ? "" : settings.value();
        return BASE
                + (own.contains("hosts:") ? "" : DEFAULT_HOSTS)
                + (own.contains("c2s-gateway:") ? "" : DEFAULT_GATEWAY)
                + (own.contains("s2s-gateway:") ? "" : DEFAULT_SERVERS)
                + own;
    }
}
