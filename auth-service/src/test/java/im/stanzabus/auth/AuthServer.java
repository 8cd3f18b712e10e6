package im.stanzabus.auth;

import com.github.benmanes.caffeine.cache.Ticker;
import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.LocalMembership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.Subscription;
import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.cluster.testing.MemoryLeases;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.ServiceModule.RunningService;
import im.stanzabus.launcher.VirtualHost;
import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.storage.Database;
import im.stanzabus.storage.DatabaseConfig;
import im.stanzabus.storage.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.Assertions;

/// A process with a whole auth-service and a stand-in for the session manager, on a bus of its own, with a
/// clock that the test moves. Two of them share nothing but the database.
public final class AuthServer implements AutoCloseable {
    public static final VirtualHost HOST = VirtualHost.of("example.org");
    public static final VirtualHost GUESTS =
            new VirtualHost("guests.example.org", true, false, false, true, Duration.ZERO);
    public static final VirtualHost CERTIFIED =
            new VirtualHost("cert.example.org", false, true, false, true, Duration.ZERO);
    public static final VirtualHost OPEN = new VirtualHost("open.example.org", false, false, true, true, Duration.ZERO);
    public static final List<VirtualHost> HOSTS = List.of(HOST, GUESTS, CERTIFIED, OPEN);
    private static final AtomicLong NAMES = new AtomicLong();

    public final Vertx vertx = Vertx.vertx();
    public final LocalMembership membership = new LocalMembership(new NodeId("test"), "1");
    public final Bus bus = new Bus(vertx, membership);
    public final ServiceRegistry services = new ServiceRegistry(membership);
    public final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    public final AtomicLong ticks = new AtomicLong();
    public final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    public final Database database;

    /// The accounts whose sessions the session manager was told to end.
    public final List<Jid> ended = new CopyOnWriteArrayList<>();

    private final String yaml;
    private final Subscription sessions;
    private RunningService running;

    public AuthServer() {
        this("");
    }

    /// @param more lines of the service's section
    public AuthServer(String more) {
        this(more, null);
    }

    /// @param other a process that uses the same database; null for an empty one
    public AuthServer(String more, AuthServer other) {
        yaml = "iterations: 4096\n" + more;
        DatabaseConfig config = other == null ? await(TestDatabase.freshConfig(vertx)) : other.database.config();
        database = await(Database.open(vertx, config));
        String manager = Addresses.sessions(0);
        sessions = bus.consume(manager, Done.class, _ -> {});
        await(sessions.completion());
        await(bus.serve(Addresses.endSessions(manager), Purge.class, purge -> {
                    ended.add(purge.account());
                    return Future.succeededFuture(Done.DONE);
                })
                .completion());
        start();
    }

    public void start() {
        Ticker ticker = ticks::get;
        // Each look at the clock is a little later, as it is with the real one.
        AuthModule module = new AuthModule(() -> now.updateAndGet(time -> time.plusNanos(1_000)), ticker);
        SlotTable slots = new SlotTable(membership);
        Set<String> domains = Set.of(HOST.domain(), GUESTS.domain(), CERTIFIED.domain(), OPEN.domain());
        ServiceContext context = new ServiceContext(
                "1",
                bus,
                services,
                slots,
                new MemoryLeases(),
                new Router(domains, slots, services),
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

    /// From now on there is no session manager.
    public void stopSessions() {
        await(sessions.unregister());
    }

    /// From now on the process changes nothing and answers nobody; what it waits for is not waited for.
    public void kill() {
        await(database.close());
        vertx.close();
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
            return future.toCompletionStage().toCompletableFuture().get(50, TimeUnit.SECONDS);
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
