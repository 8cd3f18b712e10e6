package im.stanzabus.session;

import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.Subscription;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.ServiceModule;
import im.stanzabus.launcher.VirtualHost;
import im.stanzabus.launcher.config.Settings;
import im.stanzabus.processor.loading.ProcessorChain;
import im.stanzabus.session.iq.ContactAddresses;
import im.stanzabus.session.iq.IqProcessor;
import im.stanzabus.session.iq.IqSettings;
import im.stanzabus.session.iq.LoadedIq;
import im.stanzabus.session.iq.StandardProcessors;
import im.stanzabus.stanza.Namespaces;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts the session managers of a process.
public final class SessionModule implements ServiceModule<SessionConfig> {
    private static final Logger LOG = LoggerFactory.getLogger(SessionModule.class);
    private static final String NAME = "session-service";

    /// What the session manager does itself, as disco features.
    private static final List<IqProcessor> OWN_FEATURES = List.of(
            new AnnouncedFeature(Namespaces.ROSTER), // RFC 6121 section 2
            new AnnouncedFeature(Namespaces.BLOCKING), // XEP-0191
            new AnnouncedFeature(Namespaces.CARBONS), // XEP-0280
            new AnnouncedFeature(Namespaces.STANZA_ID)); // XEP-0359

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SessionConfig configure(Settings settings) {
        return SessionConfig.read(settings);
    }

    private static List<IqProcessor> answering(ProcessorChain loaded) {
        List<IqProcessor> all = new ArrayList<>();
        loaded.all().forEach(processor -> all.add(new LoadedIq(processor)));
        if (!all.isEmpty()) {
            LOG.info("loaded: {}", all);
        }
        all.addAll(OWN_FEATURES);
        return all;
    }

    @Override
    public Future<RunningService> start(SessionConfig config, ServiceContext context) {
        Clock clock = Clock.system(ZoneId.systemDefault());
        List<String> hosts = context.hosts().stream().map(VirtualHost::domain).toList();
        AnonymousAccounts anonymous = new AnonymousAccounts(
                context.bus(),
                context.services(),
                context.hosts().stream()
                        .filter(VirtualHost::anonymous)
                        .map(VirtualHost::domain)
                        .collect(Collectors.toSet()));
        Set<String> archiving = Partition.archivingHosts(context);
        Map<String, ContactAddresses> contacts = new HashMap<>();
        hosts.forEach(host -> contacts.put(host, config.contacts()));
        StandardProcessors processors = StandardProcessors.of(
                new IqSettings(
                        hosts,
                        context.version(),
                        config.showOs() ? System.getProperty("os.name") : null,
                        contacts,
                        config.passwordChange(),
                        config.accountRemoval(),
                        anonymous::contains,
                        account -> archiving.contains(account.domain()) && !anonymous.contains(account)),
                context.bus(),
                answering(config.processors()),
                context.services()::living,
                clock,
                clock.instant());
        ServiceDescriptor descriptor = ServiceDescriptor.internal(NAME, context.version(), false);
        List<Future<String>> deployments = new ArrayList<>();
        Siblings siblings = new Siblings(config.partitions());
        for (int partition = 0; partition < config.partitions(); partition++) {
            deployments.add(context.vertx()
                    .deployVerticle(new SessionVerticle(
                            context, config, partition, siblings, processors.all(), anonymous, clock)));
        }
        return Future.all(deployments).map(_ -> {
            Subscription caps = processors.caps().serve(context.bus());
            context.services().announce(descriptor);
            return () -> {
                context.services().withdraw(descriptor);
                List<Future<?>> stops = new ArrayList<>();
                stops.add(caps.unregister());
                deployments.forEach(deployment -> stops.add(context.vertx().undeploy(deployment.result())));
                return Future.join(stops).mapEmpty();
            };
        });
    }
}
