package im.stanzabus.server;

import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceDescriptor.ServedDomain;
import im.stanzabus.launcher.DomainService;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.ServiceModule;
import im.stanzabus.launcher.config.Settings;
import im.stanzabus.stanza.Stanza;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A service that answers a domain of its own: who writes to it gets the message back. It is part
/// of no server, only of processes with {@link #plugIn} on their class path.
public final class EchoModule implements ServiceModule<Integer> {
    static final String NAME = "echo-service";
    static final String DOMAIN = "echo.localhost";
    static final String TITLE = "Echo of Verona";

    /// Fills a folder with what makes a process know the service.
    static Path plugIn(Path folder) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF").resolve("services"));
        Files.writeString(services.resolve(ServiceModule.class.getName()), EchoModule.class.getName());
        return folder;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Integer configure(Settings settings) {
        return 0;
    }

    @Override
    public Future<RunningService> start(Integer config, ServiceContext context) {
        ServiceDescriptor descriptor = ServiceDescriptor.internal(NAME, context.version(), false)
                .withDomains(List.of(new ServedDomain(DOMAIN, "component", "generic", TITLE)));
        return DomainService.start(context, descriptor, List.of(), EchoModule::answer);
    }

    private static Future<List<Stanza>> answer(Stanza stanza) {
        return Future.succeededFuture(
                stanza.isMessage() && !stanza.isError()
                        ? List.of(stanza.withFrom(stanza.to()).withTo(stanza.from()))
                        : List.of());
    }
}
