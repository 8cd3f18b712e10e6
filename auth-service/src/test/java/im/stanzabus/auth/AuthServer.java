package im.stanzabus.auth;

import com.github.benmanes.caffeine.cache.Ticker;
import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.LocalServiceRegistry;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.SlotOwners;
import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.bus.api.Done;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.ServiceModule.RunningService;
import im.stanzabus.launcher.VirtualHost;
import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.storage.Database;
import im.stanzabus.storage.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.Assertions;

/// A whole auth-service on a bus of its own with a database of its own and a clock that the test moves.
public final class AuthServer implements AutoCloseable {
    public static final VirtualHost HOST = new VirtualHost("example.org", false, false, false);
    public static final VirtualHost GUESTS = new VirtualHost("guests.example.org", true, false, false);
    public static final VirtualHost CERTIFIED = new VirtualHost("cert.example.org", false, true, false);
    public static final VirtualHost OPEN = new VirtualHost("open.example.org", false, false, true);
    public static final List<VirtualHost> HOSTS = List.of(HOST, GUESTS, CERTIFIED, OPEN);
    private static final AtomicLong NAMES = new AtomicLong();

    public final Vertx vertx = Vertx.vertx();
    public final Bus bus = new Bus(vertx);
    public final LocalServiceRegistry services = new LocalServiceRegistry();
    public final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    public final AtomicLong ticks = new AtomicLong();
    public final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    public final Database database;
    private final String yaml;
    private RunningService running;

    public AuthServer() {
        this("");
    }

    /// @param more lines of the service's section
    public AuthServer(String more) {
        yaml = "iterations: 4096\n" + more;
        database = await(TestDatabase.fresh(vertx));
        start();
    }

    public void start() {
        Ticker ticker = ticks::get;
        // Each look at the clock is a little later, as it is with the real one.
        AuthModule module = new AuthModule(() -> now.updateAndGet(time -> time.plusNanos(1_000)), ticker);
        NodeId node = new NodeId("test");
        SlotOwners owners = new SlotOwners(node, 1);
        Set<String> domains = Set.of(HOST.domain(), GUESTS.domain(), CERTIFIED.domain(), OPEN.domain());
        ServiceContext context = new ServiceContext(
                "1",
                node,
                bus,
                services,
                owners,
                new Router(domains, owners, services),
                HOSTS,
                database.pool(),
                metrics,
                Path.of("target"));
        ConfigFile config = ConfigFile.of(yaml, Path.of("target"));
        AuthConfig read = module.configure(config.root());
        config.check();
        running = await(module.start(read, context));
    }

    public void stop() {
        await(running.stop());
    }

    @Override
    public void close() {
        stop();
        await(database.close());
        await(vertx.close());
    }

    /// A name that no other test uses.
    public static Jid newName(VirtualHost host) {
        return Jid.of("user" + NAMES.incrementAndGet() + '@' + host.domain());
    }

    public Jid newAccount(VirtualHost host, String password) {
        Jid account = newName(host);
        await(request(new AuthRequest.CreateAccount(account, password), Done.class));
        return account;
    }

    public <T extends BusMessage> T ask(AuthRequest request, Class<T> answer) {
        return await(request(request, answer));
    }

    public <T extends BusMessage> Future<T> request(AuthRequest request, Class<T> answer) {
        return bus.request(Addresses.AUTH, request, answer);
    }

    /// The stanza error with which a request is refused.
    public StanzaError.Condition refusal(AuthRequest request) {
        try {
            await(request(request, BusMessage.class));
        } catch (BusFailure failure) {
            return failure.error().condition();
        }
        return Assertions.fail("was not refused: " + request);
    }

    public double logins(String mechanism, String outcome) {
        return metrics.counter("stanzabus.auth.logins", "mechanism", mechanism, "outcome", outcome)
                .count();
    }

    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new AssertionError(e.getCause());
        } catch (TimeoutException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
