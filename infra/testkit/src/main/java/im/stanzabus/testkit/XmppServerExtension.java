package im.stanzabus.testkit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives tests a running server ({@link TestServer}, {@link EmbeddedServer}) and a {@link Scene} of their own. Classes
/// with
/// the same {@link ServerSettings} share a server, which runs until all tests are done. With the system property
/// `stanzabus.testkit.server` set to `domain:port:tls-port` a server that runs already is used instead.
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
              address: 127.0.0.1
              port: 0
              direct-tls: {port: 0}
            """;

    /// The servers of a test run by their configuration; all are stopped with the run's root context.
    private static final class Servers implements AutoCloseable {
        private final Map<String, EmbeddedServer> byConfiguration = new ConcurrentHashMap<>();

        EmbeddedServer get(String yaml) {
            return byConfiguration.computeIfAbsent(yaml, text -> new EmbeddedServer(text));
        }

        @Override
        public void close() {
            byConfiguration.values().forEach(EmbeddedServer::close);
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
        return servers.get(configuration(context.getRequiredTestClass()));
    }

    /// The configuration that a test class asks for: what it says itself, and ports and hosts if it says nothing of
    /// them.
    static String configuration(Class<?> test) {
        ServerSettings settings = test.getAnnotation(ServerSettings.class);
        String own = settings == null ? "" : settings.value();
        return BASE
                + (own.contains("hosts:") ? "" : DEFAULT_HOSTS)
                + (own.contains("c2s-gateway:") ? "" : DEFAULT_GATEWAY)
                + own;
    }
}
