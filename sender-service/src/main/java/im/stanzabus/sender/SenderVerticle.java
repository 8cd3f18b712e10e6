package im.stanzabus.sender;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.Subscription;
import im.stanzabus.bus.View;
import im.stanzabus.bus.delivery.Outgoing;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.storage.DatabaseAway;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A process that sends, or stands by until the one that does is gone. On an event loop of its own.
final class SenderVerticle extends VerticleBase implements SendingLock.Holder {
    /// How long the members of the cluster and what they serve must have stayed the same until who is
    /// not there counts as not being about to come. Longer than a process takes to start.
    static final Duration SETTLED = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(SenderVerticle.class);
    private static final long TIDY_MILLIS = 600_000;
    private static final long DRAIN_MILLIS = 2_000;

    private final SenderConfig config;
    private final ServiceContext services;
    private final SenderMetrics metrics;
    private final OutboxTable table;
    private final ServedDomains domains;
    private final long stream;
    private final List<Runnable> ends = new ArrayList<>();
    private @Nullable Outcomes outcomes;
    private @Nullable Outgoing<Turn> outgoing;
    private @Nullable SendingLock lock;
    private @Nullable Turn turn;
    private @Nullable Subscription events;
    private boolean stopping;

    /// @param settling see {@link #SETTLED}
    SenderVerticle(SenderConfig config, ServiceContext services, Duration settling) {
        this.config = config;
        this.services = services;
        metrics = new SenderMetrics(services.metrics());
        table = new OutboxTable(services.database());
        domains = new ServedDomains(services.router(), services.services(), settling);
        stream = ByteBuffer.wrap(services.secret("stanza_outbox")).getLong();
    }

    @Override
    public Future<?> start() {
        Bus bus = services.bus();
        outgoing = new Outgoing<>(bus, context, Addresses.at(Addresses.SENDER, bus.self()));
        outcomes = new Outcomes(vertx, table, this::written);
        SendingLock competing = new SendingLock(context, services.singleConnection(), this);
        lock = competing;
        ends.add(services.slots()
                .listen(claim -> context.runOnContext(_ -> outgoing().claimed(claim))));
        ends.add(bus.membership().listen(view -> context.runOnContext(_ -> viewed(view))));
        ends.add(services.isolation().listen(cutOff -> context.runOnContext(_ -> isolated(cutOff))));
        every(SendingLock.askMillis(), this::sweep);
        every(config.poll().toMillis(), this::poll);
        every(TIDY_MILLIS, this::tidy);
        isolated(services.isolation().isolated());
        Subscription consuming = bus.consume(Addresses.SENDER, SessionEvent.Batch.class, this::receive);
        events = consuming;
        return consuming.completion();
    }

    private void every(long millis, Runnable work) {
        long timer = vertx.setPeriodic(millis, _ -> work.run());
        ends.add(() -> vertx.cancelTimer(timer));
    }

    private Outgoing<Turn> outgoing() {
        return started(outgoing);
    }

    private static <T> T started(@Nullable T made) {
        if (made == null) {
            throw new IllegalStateException("not started");
        }
        return made;
    }

    private void viewed(View view) {
        domains.viewed();
        outgoing().viewed(view);
        Turn current = turn;
        if (current != null) {
            current.viewed();
        }
    }

    private void written(List<Outcome> batch) {
        batch.forEach(outcome -> metrics.done(outcome.kind()));
        Turn current = turn;
        if (current != null) {
            current.written(batch);
        }
    }

    /// Whoever is cut off reaches no owner: another process is to send.
    private void isolated(boolean cutOff) {
        SendingLock competing = lock;
        if (competing == null || stopping) {
            return;
        }
        if (cutOff) {
            competing.leave();
        } else {
            competing.compete();
        }
    }

    private void receive(SessionEvent.Batch batch) {
        for (SessionEvent event : batch.events()) {
            if (event instanceof SessionEvent.Accepted accepted) {
                outgoing().accepted(accepted);
            } else {
                LOG.warn("{} is not for a sender", event.getClass().getSimpleName());
            }
        }
    }

    @Override
    public void obtained() {
        LOG.info("this process sends what is in stanza_outbox");
        metrics.working(true);
        Turn begun = new Turn(table, started(outcomes), domains, outgoing(), config.maxUnderWay(), stream);
        turn = begun;
        begun.wake();
        count();
        tidy();
    }

    @Override
    public void lost() {
        LOG.info("this process does not send what is in stanza_outbox any more");
        metrics.working(false);
        Turn ending = turn;
        turn = null;
        if (ending != null) {
            ending.end();
        }
    }

    @Override
    public void woken() {
        Turn current = turn;
        if (current != null) {
            current.wake();
        }
    }

    private void sweep() {
        SendingLock competing = lock;
        if (competing != null && !stopping) {
            competing.ask();
        }
        outgoing().sweep();
        started(outcomes).write();
        Turn current = turn;
        if (current != null) {
            current.sweep();
        }
    }

    private void poll() {
        woken();
        count();
    }

    private void count() {
        Turn counting = turn;
        if (counting != null) {
            table.waiting()
                    .onSuccess(rows -> {
                        if (counting == turn) {
                            metrics.waiting(rows);
                        }
                    })
                    .onFailure(DatabaseAway::explain);
        }
    }

    /// While the database is away nothing has to be forgotten.
    private void tidy() {
        if (turn == null || config.keepDone().isZero()) {
            return;
        }
        table.expire(config.keepDone())
                .onSuccess(rows -> {
                    if (rows == OutboxTable.MOST_EXPIRED) {
                        tidy();
                    }
                })
                .onFailure(failure -> LOG.debug("old rows are not forgotten now", failure));
    }

    /// Takes nothing more, waits a moment for what is on its way, and gives the lock to another process,
    /// which sends again what has no outcome by then.
    @Override
    public Future<?> stop() {
        stopping = true;
        Turn current = turn;
        SendingLock leaving = lock;
        Subscription ending = events;
        Future<Void> drained = current == null
                ? Future.succeededFuture()
                : current.drain().timeout(DRAIN_MILLIS, TimeUnit.MILLISECONDS).otherwiseEmpty();
        return drained.eventually(() -> leaving == null ? Future.<Void>succeededFuture() : leaving.leave())
                .eventually(() -> ending == null ? Future.<Void>succeededFuture() : ending.unregister())
                .onComplete(_ -> ends.forEach(Runnable::run));
    }
}
