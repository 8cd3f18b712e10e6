package im.stanzabus.auth;

import com.github.benmanes.caffeine.cache.Ticker;
import im.stanzabus.auth.account.AccountRemoval;
import im.stanzabus.auth.account.AccountRepository;
import im.stanzabus.auth.account.AccountService;
import im.stanzabus.auth.account.KeyDerivation;
import im.stanzabus.auth.account.RemovalRepository;
import im.stanzabus.auth.account.ServerSecret;
import im.stanzabus.auth.sasl.LoginGuard;
import im.stanzabus.auth.sasl.MechanismOffer;
import im.stanzabus.auth.sasl.SaslService;
import im.stanzabus.auth.sasl.StateSeal;
import im.stanzabus.auth.throttle.LoginThrottle;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.ServiceModule;
import im.stanzabus.launcher.VirtualHost;
import im.stanzabus.launcher.config.Settings;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Set;
import java.util.stream.Collectors;

/// auth-service: accounts and login. Needs the database; serves {@link im.stanzabus.bus.Addresses#AUTH}.
public final class AuthModule implements ServiceModule<AuthConfig> {
    private static final String NAME = "auth-service";

    private final InstantSource clock;
    private final Ticker ticker;

    public AuthModule() {
        this(InstantSource.system(), Ticker.systemTicker());
    }

    /// @param clock tells the age of a login that is under way
    /// @param ticker tells the age of failures and registrations
    AuthModule(InstantSource clock, Ticker ticker) {
        this.clock = clock;
        this.ticker = ticker;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public AuthConfig configure(Settings settings) {
        return AuthConfig.read(settings);
    }

    @Override
    public Future<RunningService> start(AuthConfig config, ServiceContext context) {
        AccountRepository repository = new AccountRepository(context.database());
        byte[] proposed = new byte[ServerSecret.BYTES];
        new SecureRandom().nextBytes(proposed);
        return repository.secret(proposed).compose(secret -> start(config, context, repository, secret));
    }

    private Future<RunningService> start(
            AuthConfig config, ServiceContext context, AccountRepository repository, ServerSecret secret) {
        Set<String> domains = context.hosts().stream().map(VirtualHost::domain).collect(Collectors.toUnmodifiableSet());
        AuthMetrics metrics = new AuthMetrics(context.metrics());
        KeyDerivation derivation = new KeyDerivation(
                context.vertx(), config.iterations(), config.passwordThreads(), config.passwordQueue());
        AccountService accounts = new AccountService(domains, repository, derivation);
        SaslService sasl = new SaslService(
                context.hosts(),
                new MechanismOffer(config.mechanisms()),
                accounts,
                derivation,
                secret,
                new LoginGuard(new LoginThrottle(config.loginLimits(), ticker)),
                new StateSeal(secret, clock),
                metrics::login);
        Registration registration = new Registration(context.hosts(), accounts, metrics, config, ticker);
        AccountRemoval removal = new AccountRemoval(
                new RemovalRepository(context.database()), context.bus(), context.router(), context.services());
        AuthVerticle verticle = new AuthVerticle(context.bus(), config, sasl, accounts, registration, removal);
        ServiceDescriptor descriptor = ServiceDescriptor.internal(NAME, context.version(), false);
        return context.vertx().deployVerticle(verticle).map(deployment -> {
            context.services().announce(descriptor);
            return () -> {
                context.services().withdraw(descriptor);
                return context.vertx().undeploy(deployment).eventually(derivation::close);
            };
        });
    }
}
