package im.stanzabus.roster;

import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.ServiceModule;
import im.stanzabus.launcher.config.Settings;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;

/// roster-service as a part of a process: answers {@link im.stanzabus.bus.api.RosterRequest} at
/// {@link im.stanzabus.bus.Addresses#ROSTER}, and forgets removed accounts.
public final class RosterModule implements ServiceModule<RosterConfig> {
    private static final String NAME = "roster-service";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public RosterConfig configure(Settings settings) {
        return RosterConfig.from(settings);
    }

    @Override
    public Future<RunningService> start(RosterConfig config, ServiceContext context) {
        ServiceDescriptor descriptor = ServiceDescriptor.internal(NAME, context.version(), true);
        RosterVerticle verticle = new RosterVerticle(
                context.bus(),
                new RosterService(context.database(), config),
                descriptor.purgeAddress(),
                context.metrics());
        return context.vertx()
                .deployVerticle(verticle, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
                .map(deployment -> {
                    context.services().announce(descriptor);
                    return () -> {
                        context.services().withdraw(descriptor);
                        return context.vertx().undeploy(deployment);
                    };
                });
    }
}
