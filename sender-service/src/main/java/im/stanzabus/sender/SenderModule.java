package im.stanzabus.sender;

import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.ServiceModule;
import im.stanzabus.launcher.config.Settings;
import io.vertx.core.Future;

/// sender-service as a part of a process. Any number of processes may have it: one of them sends,
/// the others stand by.
public final class SenderModule implements ServiceModule<SenderConfig> {
    private static final String NAME = "sender-service";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SenderConfig configure(Settings settings) {
        return SenderConfig.from(settings);
    }

    /// Completes when the process stands by; whether it sends is decided among all.
    @Override
    public Future<RunningService> start(SenderConfig config, ServiceContext context) {
        ServiceDescriptor descriptor = ServiceDescriptor.internal(NAME, context.version(), false);
        SenderVerticle verticle = new SenderVerticle(config, context, SenderVerticle.SETTLED);
        return context.vertx().deployVerticle(verticle).map(deployment -> {
            context.services().announce(descriptor);
            return () -> {
                context.services().withdraw(descriptor);
                return context.vertx().undeploy(deployment);
            };
        });
    }
}
