package im.stanzabus.c2s;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.cluster.lease.Isolation;
import im.stanzabus.launcher.Listening;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.ServiceModule;
import im.stanzabus.launcher.StartupException;
import im.stanzabus.launcher.config.Settings;
import im.stanzabus.stream.Admission;
import im.stanzabus.stream.tls.HostCertificates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The gateway of clients as the launcher sees it. Starts one {@link GatewayVerticle} per event loop that
/// serves connections; they share the ports.
public final class C2sModule implements ServiceModule<C2sConfig> {
    private static final Logger LOG = LoggerFactory.getLogger(C2sModule.class);
    static final String NAME = "c2s-gateway";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public C2sConfig configure(Settings settings) {
        return C2sConfig.read(settings);
    }

    @Override
    public Future<RunningService> start(C2sConfig config, ServiceContext context) {
        return context.vertx()
                .executeBlocking(() -> Tls.read(config, context))
                .compose(tls -> serve(config, context, Objects.requireNonNull(tls)));
    }

    /// Nothing is cut off that the configuration gives time to, and the name on the bus is given back after it.
    @Override
    public Duration stopLimit(C2sConfig config) {
        return config.closing(config.drain().toMillis()).plusSeconds(1);
    }

    private static Future<RunningService> serve(C2sConfig config, ServiceContext context, Tls tls) {
        GatewayParts parts = new GatewayParts(
                config,
                context.bus(),
                context.slots(),
                context.router(),
                context.hosts().getFirst().domain(),
                tls.contexts(),
                tls.clients(),
                new Admission(config.limits().connections(), config.limits().connectionsPerAddress()),
                new C2sMetrics(context.metrics()));
        return deploy(config, context, parts).map(deployed -> {
            ServiceDescriptor descriptor = ServiceDescriptor.internal(NAME, context.version(), false);
            context.services().announce(descriptor);
            return new Running(
                    context.vertx(),
                    deployed.ports(),
                    deployed.ids(),
                    watch(config, context.vertx(), tls.certificates()),
                    List.of(
                            () -> context.services().withdraw(descriptor),
                            watchIsolation(context.isolation(), deployed.instances())));
        });
    }

    /// Has clients sent away while this process is cut off.
    private static Runnable watchIsolation(Isolation isolation, List<GatewayVerticle> instances) {
        Runnable forget = isolation.listen(cutOff -> instances.forEach(instance -> instance.isolated(cutOff)));
        if (isolation.isolated()) {
            instances.forEach(instance -> instance.isolated(true));
        }
        return forget;
    }

    /// Looks for changed certificates, off the event loops.
    private static long watch(C2sConfig config, Vertx vertx, HostCertificates certificates) {
        return vertx.setPeriodic(
                Math.max(1, config.certificateCheck().toMillis()),
                _ -> vertx.executeBlocking(Executors.callable(certificates::reload))
                        .onFailure(C2sModule::notChecked));
    }

    private static void notChecked(Throwable failure) {
        if (failure instanceof StartupException) {
            LOG.warn("certificates were not checked: {}", failure.getMessage());
        } else {
            LOG.error("certificates were not checked", failure);
        }
    }

    private record Deployed(Map<String, Integer> ports, List<String> ids, List<GatewayVerticle> instances) {}

    private static Future<Deployed> deploy(C2sConfig config, ServiceContext context, GatewayParts parts) {
        List<GatewayVerticle> instances = new ArrayList<>();
        List<Future<String>> deployments = new ArrayList<>();
        for (int i = 0; i < config.instances(); i++) {
            GatewayVerticle instance = new GatewayVerticle(parts, Addresses.gateway(i));
            instances.add(instance);
            deployments.add(context.vertx().deployVerticle(instance));
        }
        return Future.all(deployments).map(ids -> {
            GatewayVerticle first = instances.getFirst();
            Map<String, Integer> ports = config.directTls()
                    ? Map.of("port", first.actualPort(), "direct-tls.port", first.actualDirectTlsPort())
                    : Map.of("port", first.actualPort());
            return new Deployed(ports, ids.list(), instances);
        });
    }

    private record Running(
            Vertx vertx, Map<String, Integer> ports, List<String> ids, long certificateWatch, List<Runnable> endings)
            implements RunningService, Listening {
        @Override
        public Future<Void> stop() {
            endings.forEach(Runnable::run);
            vertx.cancelTimer(certificateWatch);
            return Future.join(ids.stream().map(vertx::undeploy).toList()).mapEmpty();
        }
    }
}
