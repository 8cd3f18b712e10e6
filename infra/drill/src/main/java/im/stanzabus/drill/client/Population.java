package im.stanzabus.drill.client;

import im.stanzabus.drill.books.Books;
import im.stanzabus.drill.books.Goals;
import im.stanzabus.drill.books.Pauses;
import im.stanzabus.drill.books.Tally;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// All clients of a drill, on one event loop, and their books. Its methods can be called from any thread.
public final class Population {
    private static final int TICK_MILLIS = 20;
    private static final int SLOW_TICKS = 10;
    private static final int STARTS_PER_TICK = 2;
    private static final int PEERS = 4;
    private static final int CONNECT_MILLIS = 2_000;

    /// How the clients are doing.
    ///
    /// @param absent clients that want to be online and are not
    /// @param astray clients that are at another gateway than at first
    /// @param unsettled messages that no server has acknowledged
    /// @param missing messages that nobody has got
    /// @param sent all messages so far
    public record State(int absent, int astray, int unsettled, long missing, long sent) {}

    private final Vertx vertx;
    private final Context loop;
    private final NetClient net;
    private final Books books = new Books();
    private final ClientContext context;
    private final List<Account> accounts = new ArrayList<>();
    private final List<Speaker> speakers = new ArrayList<>();
    private final List<RequestProbe> requests = new ArrayList<>();
    private final List<LoginProbe> logins = new ArrayList<>();
    private final List<DrillClient> starting = new ArrayList<>();
    private boolean talking;
    private long ticks;

    /// @param gateways where clients can connect, in the order in which they try
    /// @param size how many clients send messages
    /// @param periodMillis the time between two messages of one client
    /// @param originNanos the beginning of the drill's time
    public Population(
            Vertx vertx,
            List<SocketAddress> gateways,
            String domain,
            String password,
            int size,
            long periodMillis,
            long originNanos,
            Random random) {
        this.vertx = vertx;
        loop = vertx.getOrCreateContext();
        net = vertx.createNetClient(
                new NetClientOptions().setConnectTimeout(CONNECT_MILLIS).setTcpNoDelay(true));
        context = new ClientContext(vertx, net, gateways, books, originNanos, random);
        settle(domain, password, size, periodMillis);
    }

    /// Every tenth account has two clients, a fifth of the clients log in anew instead of resuming, and a tenth leaves
    /// now and then.
    private void settle(String domain, String password, int size, long periodMillis) {
        int gateways = context.gateways().size();
        List<DrillClient> clients = new ArrayList<>();
        for (int n = 0; clients.size() < size; n++) {
            Account account = account("u" + n, domain, password);
            Habit habit = n % 10 == 7 ? Habit.LEAVES : n % 5 == 4 ? Habit.LOGS_IN_AGAIN : Habit.RESUMES;
            for (String resource : n % 10 == 3 && clients.size() < size - 1 ? List.of("a", "b") : List.of("a")) {
                clients.add(new DrillClient(context, account, resource, habit, clients.size() % gateways));
            }
        }
        List<String> names = accounts.stream().map(Account::name).toList();
        for (DrillClient client : clients) {
            speakers.add(new Speaker(context, client, peers(client, names), periodMillis));
        }
        Map<String, String> probes = Map.of(
                "roster", "<query xmlns='jabber:iq:roster'/>",
                "private", "<query xmlns='jabber:iq:private'><nothing xmlns='drill:nothing'/></query>");
        for (int gateway = 0; gateway < gateways; gateway++) {
            for (Map.Entry<String, String> probe : probes.entrySet()) {
                Account account = account(probe.getKey() + gateway, domain, password);
                DrillClient client = new DrillClient(context, account, "probe", Habit.RESUMES, gateway);
                requests.add(new RequestProbe(context, client, probe.getKey(), probe.getValue()));
            }
            Account account = account("login" + gateway, domain, password);
            logins.add(
                    new LoginProbe(context, new DrillClient(context, account, "probe", Habit.LOGS_IN_AGAIN, gateway)));
        }
    }

    private Account account(String name, String domain, String password) {
        Account account = new Account(name, domain, password);
        accounts.add(account);
        return account;
    }

    private List<String> peers(DrillClient client, List<String> names) {
        List<String> others = new ArrayList<>(names);
        others.remove(client.account().name());
        java.util.Collections.shuffle(others, context.random());
        return others.subList(0, Math.min(PEERS, others.size()));
    }

    /// The bare JIDs of all accounts that must exist.
    public List<String> jids() {
        return accounts.stream().map(Account::jid).toList();
    }

    /// The accounts that are offline by their own wish at times.
    public Set<String> absentees() {
        return speakers.stream()
                .map(Speaker::client)
                .filter(client -> client.habit() == Habit.LEAVES)
                .map(client -> client.account().name())
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Brings the clients online, some at a time.
    public Future<Void> start() {
        return onLoop(() -> {
            starting.addAll(lasting().toList());
            vertx.setPeriodic(TICK_MILLIS, timer -> tick());
            return null;
        });
    }

    /// From now on clients send messages and leave and come, or they do not; then everybody comes online.
    public Future<Void> talk(boolean from) {
        return onLoop(() -> {
            talking = from;
            logins.forEach(from ? LoginProbe::start : LoginProbe::stop);
            if (!from) {
                lasting().forEach(DrillClient::start);
            }
            return null;
        });
    }

    /// How the clients are doing.
    public Future<State> state() {
        return onLoop(() -> new State(
                (int) lasting()
                                .filter(client -> client.isWanted() && !client.isOnline())
                                .count()
                        + starting.size(),
                (int) lasting().filter(DrillClient::isAstray).count(),
                speakers.stream()
                        .mapToInt(speaker -> speaker.client().unsettled())
                        .sum(),
                books.missing(),
                books.sentSoFar()));
    }

    /// The clients of a gateway by its index, and those that go from one to the other all the time.
    public Future<Set<String>> connectedTo(int gateway) {
        return onLoop(() -> Stream.concat(
                        lasting().filter(client -> client.gateway() == gateway && client.isWanted()),
                        logins.stream().map(LoginProbe::client))
                .map(DrillClient::name)
                .collect(Collectors.toSet()));
    }

    /// When the last of these clients came online, -1 if there is none among them that stays online; clients that come
    /// and go as they like do not count.
    public Future<Long> lastOnlineSince(Set<String> names) {
        return onLoop(() -> lasting()
                .filter(client -> names.contains(client.name()) && client.habit() != Habit.LEAVES)
                .mapToLong(DrillClient::onlineSince)
                .max()
                .orElse(-1));
    }

    /// All clients go to the gateways that they had at first, so that each gateway has some.
    public Future<Void> goHome() {
        return onLoop(() -> {
            lasting().forEach(DrillClient::goHome);
            return null;
        });
    }

    /// Looks in the archives for what has been acknowledged and not delivered.
    public Future<Void> searchArchives() {
        return onLoop(() -> {
                    Set<String> names = new HashSet<>(books.accountsThatMiss());
                    return lasting()
                            .filter(client -> client.isOnline()
                                    && names.remove(client.account().name()))
                            .map(ArchiveQuery::run)
                            .toList();
                })
                .compose(queries -> Future.join(queries).mapEmpty());
    }

    /// Milliseconds since the beginning of the drill.
    public long now() {
        return context.now();
    }

    /// The sum of the books.
    public Future<Tally> tally() {
        return onLoop(books::tally);
    }

    /// The pauses in the books, to be read when all clients are gone.
    public Future<Pauses> pauses(Goals goals) {
        return onLoop(() -> new Pauses(books, context.questions(), absentees(), goals));
    }

    /// The accounts that miss something which was acknowledged.
    public Future<Set<String>> accountsThatMiss() {
        return onLoop(books::accountsThatMiss);
    }

    /// Clients that were online and lost their stream since then, not by their own doing, and why.
    ///
    /// @param without those that are not looked at
    public Future<List<String>> severedSince(long since, Set<String> without) {
        return onLoop(() -> context.severedSince(since, without));
    }

    /// Why streams and attempts to get one ended, and how often.
    public Future<Map<String, Integer>> ends() {
        return onLoop(context::ends);
    }

    /// All clients log out.
    public Future<Void> stop() {
        return onLoop(() -> {
            talking = false;
            starting.clear();
            logins.forEach(LoginProbe::stop);
            lasting().forEach(DrillClient::leave);
            return null;
        });
    }

    /// The clients that want to stay online.
    private Stream<DrillClient> lasting() {
        return Stream.concat(
                speakers.stream().map(Speaker::client), requests.stream().map(RequestProbe::client));
    }

    private void tick() {
        for (int i = 0; i < STARTS_PER_TICK && !starting.isEmpty(); i++) {
            starting.removeFirst().start();
        }
        if (talking) {
            speakers.forEach(Speaker::tick);
        }
        if (++ticks % SLOW_TICKS == 0) {
            lasting().forEach(DrillClient::tick);
            logins.forEach(login -> {
                login.client().tick();
                login.tick();
            });
            if (talking) {
                requests.forEach(RequestProbe::tick);
            }
        }
    }

    private <T extends @org.jspecify.annotations.Nullable Object> Future<T> onLoop(Callable<T> action) {
        Promise<T> result = Promise.promise();
        loop.runOnContext(then -> {
            try {
                result.complete(action.call());
            } catch (Exception e) {
                result.fail(e);
            }
        });
        return result.future();
    }
}
