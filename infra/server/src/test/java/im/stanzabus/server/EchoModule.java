package im.stanzabus.server;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Routed;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceDescriptor.ServedDomain;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.Subscription;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.ServiceModule;
import im.stanzabus.launcher.config.Settings;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A service that answers a domain of its own: who writes to it gets the message back. It is part of no
/// server, only of processes with {@link #plugIn} on their class path.
public final class EchoModule implements ServiceModule<Integer> {
    static final String NAME = "echo-service";
    static final String DOMAIN = "echo.localhost";
    static final String TITLE = "Echo of Verona";
    private static final long RETRY_MILLIS = 50;

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
        ServiceDescriptor descriptor = new ServiceDescriptor(
                NAME,
                context.version(),
                List.of(new ServedDomain(DOMAIN, "component", "generic", TITLE)),
                Map.of(),
                List.of(),
                List.of(),
                false);
        Subscription stanzas =
                context.bus().consume(Addresses.domain(DOMAIN), Routed.class, routed -> answer(context, routed));
        return stanzas.completion().map(_ -> {
            context.services().announce(descriptor);
            return () -> {
                context.services().withdraw(descriptor);
                return stanzas.unregister();
            };
        });
    }

    private static void answer(ServiceContext context, Routed routed) {
        for (Stanza stanza : routed.stanzas()) {
            Jid sender = stanza.from();
            if (sender != null && stanza.isMessage() && !stanza.isError()) {
                deliver(context, stanza.withFrom(stanza.to()).withTo(sender), sender);
            }
        }
    }

    /// A process that has just come may not have heard of the owners.
    private static void deliver(ServiceContext context, Stanza stanza, Jid receiver) {
        String owner = context.router().ownerOf(receiver);
        if (owner == null) {
            context.vertx().setTimer(RETRY_MILLIS, _ -> deliver(context, stanza, receiver));
        } else {
            context.bus().send(owner, new SessionEvent.Batch(List.of(new SessionEvent.Inbound(stanza))));
        }
    }
}
