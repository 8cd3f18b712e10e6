package im.stanzabus.s2s;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.cluster.lease.Isolation;
import im.stanzabus.launcher.Listening;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.ServiceModule;
import im.stanzabus.launcher.StartupException;
import im.stanzabus.launcher.config.Settings;
import im.stanzabus.s2s.component.ComponentMetrics;
import im.stanzabus.s2s.component.ComponentParts;
import im.stanzabus.s2s.component.ComponentVerticle;
import im.stanzabus.stream.Admission;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The gateway of other servers as the launcher sees it. Starts one {@link S2sVerticle} per event
/// loop that serves streams; they share the ports. External components have an event loop of their
/// own, if there are any.
public final class S2sModule implements ServiceModule<S2sConfig> {
    private static final Logger LOG = LoggerFactory.getLogger(S2sModule.class);
    private static final String NAME = "s2s-gateway";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public S2sConfig configure(Settings settings) {
        return S2sConfig.read(settings);
    }

    @Override
    public Future<RunningService> start(S2sConfig config, ServiceContext context) {
        return context.vertx()
                .executeBlocking(() -> {
                    config.components().check(context.router()::isHost);
                    return ServerTls.read(config, context);
                })
                .compose(tls -> serve(config, context, Objects.requireNonNull(tls)));
    }

    /// Nothing is cut off that the configuration gives time to, and the name on the bus is given
    /// back after it.
    @Override
    public Duration stopLimit(S2sConfig config) {
        return config.drain().plus(config.timeouts().close()).plusSeconds(3);
    }

    private static Future<RunningService> serve(S2sConfig config, ServiceContext context, ServerTls tls) {
        S2sParts parts = new S2sParts(
                config,
                context.bus(),
                context.slots(),
                context.router(),
                context.hosts().getFirst().domain(),
                tls,
                config.dialbackKey(context),
                new Admission(config.limits().connections(), config.limits().connectionsPerAddress()),
                new S2sMetrics(context.metrics()));
        List<S2sVerticle> instances = new ArrayList<>();
        List<Future<String>> deployments = new ArrayList<>();
        for (int i = 0; i < config.instances(); i++) {
            S2sVerticle instance = new S2sVerticle(parts, Addresses.servers(i));
            instances.add(instance);
            deployments.add(context.vertx().deployVerticle(instance));
        }
        ComponentVerticle components = new ComponentVerticle(components(config, context, tls));
        if (config.components().isUsed()) {
            deployments.add(context.vertx().deployVerticle(components));
        }
        ServiceDescriptor descriptor = ServiceDescriptor.internal(NAME, context.version(), false);
        return Future.all(deployments).map(ids -> {
            context.services().announce(descriptor);
            return new Running(
                    context.vertx(),
                    ports(config, instances.getFirst(), components),
                    ids.list(),
                    watch(config, context.vertx(), tls),
                    List.of(
                            () -> context.services().withdraw(descriptor),
                            watchIsolation(context.isolation(), cutOff -> {
                                instances.forEach(instance -> instance.isolated(cutOff));
                                components.isolated(cutOff);
                            })));
        });
    }

    private static ComponentParts components(S2sConfig config, ServiceContext context, ServerTls tls) {
        return new ComponentParts(
                config.components(),
                config.limits(),
                config.timeouts(),
                config.retry(),
                config.drain(),
                context.version(),
                context.bus(),
                context.slots(),
                context.router(),
                context.services(),
                new Admission(config.limits().connections(), config.limits().connectionsPerAddress()),
                config.components().directTls() ? tls.accepting()::direct : null,
                new ComponentMetrics(context.metrics()));
    }

    private static Map<String, Integer> ports(S2sConfig config, S2sVerticle first, ComponentVerticle components) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("port", first.actualPort());
        if (config.directTls()) {
            ports.put("direct-tls.port", first.actualDirectTlsPort());
        }
        if (config.components().isListening()) {
            ports.put("components.port", components.actualPort());
        }
        return Map.copyOf(ports);
    }

    private static Runnable watchIsolation(Isolation isolation, Consumer<Boolean> listener) {
        Runnable forget = isolation.listen(listener);
        if (isolation.isolated()) {
            listener.accept(true);
        }
        return forget;
    }

    /// Looks for changed certificates, off the event loops.
    private static long watch(S2sConfig config, Vertx vertx, ServerTls tls) {
        return vertx.setPeriodic(
                Math.max(1, config.certificateCheck().toMillis()),
                _ -> vertx.executeBlocking(Executors.callable(tls.certificates()::reload))
                        .onFailure(S2sModule::notChecked));
    }

    private static void notChecked(Throwable failure) {
        if (failure instanceof StartupException) {
            LOG.warn("certificates were not checked: {}", failure.getMessage());
        } else {
            LOG.error("certificates were not checked", failure);
        }
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
