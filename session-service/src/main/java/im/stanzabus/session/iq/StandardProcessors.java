package im.stanzabus.session.iq;

import im.stanzabus.bus.Bus;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.launcher.StartupException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The processors that need nothing of a session but its address, and what depends on the list of
/// all of them.
///
/// @param all every processor: the given ones, those of this package, and service discovery over
///     all of them
/// @param caps the capabilities of the hosts that follow from it
public record StandardProcessors(List<IqProcessor> all, ServerCaps caps) {

    /// Makes the processors. They keep no state of accounts, so that one set serves all partitions.
    ///
    /// @param others processors from elsewhere, whose features disco must show
    /// @param services the living services, read at each question
    /// @param clock the server's time and zone
    /// @param started when the server started
    /// @throws StartupException if two of them answer one namespace
    public static StandardProcessors of(
            IqSettings settings,
            Bus bus,
            List<IqProcessor> others,
            Supplier<List<ServiceDescriptor>> services,
            Clock clock,
            Instant started) {
        List<IqProcessor> answering = new ArrayList<>(others);
        answering.addAll(all(settings, bus, clock, started));
        ServerDisco disco = new ServerDisco(settings, answering, services);
        answering.add(new DiscoInfoProcessor(disco)); // XEP-0030, XEP-0115, XEP-0128, XEP-0157
        answering.add(new DiscoItemsProcessor(disco)); // XEP-0030
        requireOneEach(answering);
        return new StandardProcessors(List.copyOf(answering), new ServerCaps(disco));
    }

    private static void requireOneEach(List<IqProcessor> answering) {
        Map<String, IqProcessor> byNamespace = new HashMap<>();
        for (IqProcessor processor : answering) {
            IqProcessor first = byNamespace.putIfAbsent(processor.namespace(), processor);
            if (first != null) {
                throw new StartupException(first + " and " + (processor instanceof LoadedIq ? processor : "the server")
                        + " both answer " + processor.namespace() + "; see session-service.processors");
            }
        }
    }

    /// Those that do not depend on the others, one a line.
    static List<IqProcessor> all(IqSettings settings, Bus bus, Clock clock, Instant started) {
        return List.of(
                new PingProcessor(), // XEP-0199
                new VersionProcessor(settings.version(), settings.os()), // XEP-0092
                new TimeProcessor(clock), // XEP-0202
                new LastActivityProcessor(bus, clock, started), // XEP-0012
                new RegistrationProcessor( // XEP-0077
                        bus, settings.passwordChange(), settings.accountRemoval(), settings.anonymous()),
                new LegacySessionProcessor()); // RFC 3921 section 3
    }
}
