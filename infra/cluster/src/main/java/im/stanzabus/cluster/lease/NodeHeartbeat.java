package im.stanzabus.cluster.lease;

import im.stanzabus.bus.Member;
import im.stanzabus.bus.Membership;
import im.stanzabus.bus.View;
import im.stanzabus.storage.Database;
import im.stanzabus.storage.DatabaseConfig;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes twice a second into PostgreSQL that this process lives and whom it sees, over a connection of its
/// own, and learns from the answers whether it is isolated. Made by {@link #enter}; its state is confined to
/// one context.
public final class NodeHeartbeat {
    private static final Logger LOG = LoggerFactory.getLogger(NodeHeartbeat.class);
    private static final long INTERVAL_MILLIS = 500;

    /// A connection that is silent for so long is given up: a split network may have swallowed it.
    private static final long ANSWER_MILLIS = 2_000;

    private static final long RETRY_MILLIS = 250;
    private static final long LEAVE_MILLIS = 2_000;

    /// So long a process that was killed still seems to live, and some more.
    private static final Duration PATIENCE = Duration.ofMillis(3_500);

    private final Vertx vertx;
    private final DatabaseConfig config;
    private final Context context;
    private final String installation;
    private final List<BusNode> others;
    private final Isolation isolation = new Isolation();
    private final IsolationRule rule;
    private BusNode me;
    private @Nullable Database database;
    private @Nullable Membership membership;
    private View before = new View(List.of());
    private Runnable unlisten = () -> {};
    private long timer;
    private boolean asking;
    private boolean left;

    private NodeHeartbeat(Vertx vertx, Database database, BusNode me, String installation, List<BusNode> others) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.config = database.config();
        this.database = database;
        this.me = me;
        this.installation = installation;
        this.others = others;
        this.rule = new IsolationRule(me.node().name(), System.nanoTime());
    }

    /// Enters the process into the database and begins to beat. Fails with {@link DatabaseInUse} if a living
    /// process does not go together with this one; whoever was killed a moment ago is waited for. The caller
    /// gives a Vert.x that does nothing else, so that nothing keeps the heart from beating.
    public static Future<NodeHeartbeat> enter(Vertx vertx, DatabaseConfig config, BusNode me) {
        return Database.open(vertx, single(config))
                .compose(database -> NodeTable.installation(database.pool())
                        .compose(installation -> admitted(vertx, database, me, System.nanoTime() + PATIENCE.toNanos())
                                .map(others -> new NodeHeartbeat(vertx, database, me, installation, others)))
                        .onFailure(_ -> database.close()))
                .map(heartbeat -> {
                    heartbeat.context.runOnContext(_ -> heartbeat.begin());
                    return heartbeat;
                });
    }

    private static DatabaseConfig single(DatabaseConfig config) {
        return new DatabaseConfig(
                config.host(), config.port(), config.name(), config.user(), config.password(), config.tls(), 1);
    }

    private static Future<List<BusNode>> admitted(Vertx vertx, Database database, BusNode me, long deadline) {
        return NodeTable.enter(database.pool(), me).compose(others -> {
            if (others.unfitting().isEmpty()) {
                return Future.succeededFuture(others.fitting());
            }
            if (System.nanoTime() > deadline) {
                return Future.failedFuture(
                        DatabaseInUse.of(me, others.unfitting().getFirst()));
            }
            return vertx.timer(RETRY_MILLIS, TimeUnit.MILLISECONDS)
                    .compose(_ -> admitted(vertx, database, me, deadline));
        });
    }

    /// The id of the installation, which is made with the database.
    public String installation() {
        return installation;
    }

    /// The members of the cluster that lived when this process came.
    public List<BusNode> others() {
        return others;
    }

    /// The names of those who live on the database now.
    public Future<Set<String>> living() {
        Promise<Set<String>> living = Promise.promise();
        context.runOnContext(_ -> {
            Database asked = database;
            if (asked == null) {
                living.fail("there is no connection");
            } else {
                NodeTable.living(asked.pool())
                        .timeout(ANSWER_MILLIS, TimeUnit.MILLISECONDS)
                        .onComplete(living);
            }
        });
        return living.future();
    }

    public Isolation isolation() {
        return isolation;
    }

    /// From now on the process has joined: what it sees is written too.
    ///
    /// @param address where others join it
    public void joined(Membership joined, String address) {
        context.runOnContext(_ -> {
            me = me.at(address);
            membership = joined;
            before = joined.view();
            unlisten = joined.listen(view -> context.runOnContext(_ -> changed(view)));
            beat();
        });
    }

    /// Nobody takes the process for living any more. Completes within some two seconds; may be called again.
    public Future<Void> leave() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(_ -> {
            Database last = left ? null : database;
            left = true;
            vertx.cancelTimer(timer);
            unlisten.run();
            if (last == null) {
                done.complete();
            } else {
                NodeTable.leave(last.pool(), me)
                        .timeout(LEAVE_MILLIS, TimeUnit.MILLISECONDS)
                        .eventually(last::close)
                        .onComplete(done);
            }
        });
        return done.future();
    }

    private void begin() {
        if (!left) {
            timer = vertx.setPeriodic(INTERVAL_MILLIS, _ -> beat());
        }
    }

    private void changed(View view) {
        for (Member member : before.members()) {
            if (!member.leaving() && !view.has(member.node())) {
                rule.lost();
            }
        }
        before = view;
        beat();
    }

    private void beat() {
        rule.tick(System.nanoTime());
        decide(rule.unanswered(System.nanoTime()));
        Database asked = database;
        if (asking || left || asked == null) {
            return;
        }
        asking = true;
        Set<String> sees = sees();
        NodeTable.beat(asked.pool(), me, sees)
                .timeout(ANSWER_MILLIS, TimeUnit.MILLISECONDS)
                .onComplete(answer -> context.runOnContext(_ -> {
                    asking = false;
                    if (left) {
                        return;
                    }
                    if (answer.succeeded() && !sees.isEmpty()) {
                        decide(rule.answered(System.nanoTime(), sees, answer.result()));
                    } else if (answer.failed()) {
                        LOG.debug("no heartbeat", answer.cause());
                        reconnect(asked);
                    }
                }));
    }

    private Set<String> sees() {
        Membership joined = membership;
        return joined == null
                ? Set.of()
                : joined.view().members().stream()
                        .map(member -> member.node().name())
                        .collect(Collectors.toUnmodifiableSet());
    }

    /// With a new connection: the old one may never answer.
    private void reconnect(Database silent) {
        database = null;
        silent.close();
        connect();
    }

    private void connect() {
        Database.reopen(vertx, config)
                .onComplete(opened -> context.runOnContext(_ -> {
                    if (opened.succeeded() && !left) {
                        database = opened.result();
                        beat();
                    } else if (opened.succeeded()) {
                        opened.result().close();
                    } else if (!left) {
                        vertx.setTimer(INTERVAL_MILLIS, _ -> connect());
                    }
                }));
    }

    /// Before it has joined, a process serves nobody yet.
    private void decide(@Nullable String reason) {
        if (membership == null) {
            return;
        }
        boolean before = isolation.isolated();
        if (reason != null && !before) {
            LOG.error("this process is isolated and serves nobody until that is over: {}", reason);
        } else if (reason == null && before) {
            LOG.warn("this process is not isolated any more");
        }
        isolation.set(reason);
    }
}
