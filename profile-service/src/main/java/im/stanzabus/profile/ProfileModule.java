package im.stanzabus.profile;

import im.stanzabus.bus.IqAccess;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.ServiceModule;
import im.stanzabus.launcher.config.Settings;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/// profile-service as a part of a process: answers vCards (XEP-0054), private XML (XEP-0049) and last activity
/// (XEP-0012) on behalf of accounts at {@link im.stanzabus.bus.Addresses#iq}, takes note of logouts at
/// {@link im.stanzabus.bus.Addresses#PROFILE}, and forgets removed accounts.
public final class ProfileModule implements ServiceModule<ProfileConfig> {
    private static final String NAME = "profile-service";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ProfileConfig configure(Settings settings) {
        return ProfileConfig.read(settings);
    }

    @Override
    public Future<RunningService> start(ProfileConfig config, ServiceContext context) {
        ServiceDescriptor descriptor = descriptor(context.version());
        ProfileVerticle verticle = new ProfileVerticle(
                context.bus(),
                context.database(),
                config,
                descriptor.purgeAddress(),
                Clock.systemUTC(),
                context.metrics());
        return context.vertx().deployVerticle(verticle).map(deployment -> {
            context.services().announce(descriptor);
            return () -> {
                context.services().withdraw(descriptor);
                return context.vertx().undeploy(deployment);
            };
        });
    }

    static ServiceDescriptor descriptor(String version) {
        return ServiceDescriptor.internal(NAME, version, true)
                .withIqNamespaces(Map.of(
                        VCards.NAMESPACE, IqAccess.SUBSCRIBERS,
                        PrivateXml.NAMESPACE, IqAccess.SELF,
                        LastActivity.NAMESPACE, IqAccess.SUBSCRIBERS))
                .withFeatures(
                        List.of(VCards.NAMESPACE, PrivateXml.NAMESPACE),
                        List.of(VCards.NAMESPACE, PrivateXml.NAMESPACE, LastActivity.NAMESPACE));
    }
}
