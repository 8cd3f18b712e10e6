package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.Subscription;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.cluster.SlotKeeper;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.session.iq.IqProcessor;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One partition of the session managers: subscribes its name, owns slots, and keeps its clocks.
final class SessionVerticle extends VerticleBase {
    private static final long SWEEP_MILLIS = 1_000;
    private static final long MARKS_MILLIS = 2_000;
    private static final long FORGET_MILLIS = 5_000;
    private static final long LOOK_EVERY_MILLIS = 20;

    private final ServiceContext services;
    private final SessionConfig config;
    private final int partition;
    private final Siblings siblings;
    private final List<IqProcessor> processors;
    private final AnonymousAccounts anonymous;
    private final InstantSource clock;
    private final List<Runnable> ends = new ArrayList<>();
    private @Nullable Partition parts;
    private @Nullable Subscription events;
    private @Nullable Subscription removals;

    /// @param siblings the partitions of this process
    SessionVerticle(
            ServiceContext services,
            SessionConfig config,
            int partition,
            Siblings siblings,
            List<IqProcessor> processors,
            AnonymousAccounts anonymous,
            InstantSource clock) {
        this.services = services;
        this.config = config;
        this.partition = partition;
        this.siblings = siblings;
        this.processors = processors;
        this.anonymous = anonymous;
        this.clock = clock;
    }

    @Override
    public Future<?> start() {
        Bus bus = services.bus();
        String name = Addresses.sessions(partition);
        Partition wired = new Partition(services, config, partition, context, processors, anonymous, clock);
        parts = wired;
        ends.add(services.slots().listen(claim -> context.runOnContext(_ -> wired.outgoing.claimed(claim))));
        ends.add(bus.membership()
                .listen(view -> context.runOnContext(_ -> {
                    wired.gateways.changed(view);
                    wired.outgoing.viewed(view);
                })));
        periodically(SWEEP_MILLIS, wired::sweep);
        periodically(MARKS_MILLIS, wired.marks::flush);
        periodically(FORGET_MILLIS, () -> {
            wired.sessions.sweep(config.offlineLinger());
            wired.gateways.sweep();
            wired.metrics.count();
        });
        Subscription ending = bus.serve(
                Addresses.endSessions(name),
                Purge.class,
                purge -> end(wired, purge.account().bare()));
        Subscription consuming = bus.consume(name, BusMessage.class, message -> receive(wired, message));
        removals = ending;
        events = consuming;
        return Future.all(ending.completion(), consuming.completion())
                .onComplete(siblings::ready)
                .compose(_ -> siblings.allReady())
                .compose(_ -> wired.keeper.start());
    }

    private void periodically(long millis, Runnable what) {
        long timer = vertx.setPeriodic(millis, _ -> what.run());
        ends.add(() -> vertx.cancelTimer(timer));
    }

    private static void receive(Partition wired, BusMessage message) {
        switch (message) {
            case SessionEvent.Batch batch -> wired.gate.handle(batch.events());
            case SessionEvent.Announced announced -> wired.keeper.announced(announced);
            default -> throw new IllegalArgumentException("no session event: " + message.getClass());
        }
    }

    /// Ends the sessions of a removed account; completes when nothing more is on its way into its log.
    private Future<Done> end(Partition wired, Jid account) {
        if (!wired.gate.isOpen(SlotTable.slot(account))) {
            return Future.failedFuture(new BusFailure(
                    StanzaError.of(StanzaError.Condition.RESOURCE_CONSTRAINT, "the account has no owner now"),
                    account + " is not owned here"));
        }
        Account state = wired.accounts.find(account);
        return wired.sessions.end(account).compose(_ -> {
            Promise<Done> promise = Promise.promise();
            awaitWritten(state, promise);
            return promise.future();
        });
    }

    private void awaitWritten(@Nullable Account account, Promise<Done> promise) {
        if (account == null || account.log.appending() == 0) {
            promise.complete(Done.DONE);
        } else {
            vertx.setTimer(LOOK_EVERY_MILLIS, _ -> awaitWritten(account, promise));
        }
    }

    /// Gives the slots to others, then goes.
    @Override
    public Future<?> stop() {
        SlotKeeper keeper = parts == null ? null : parts.keeper;
        Future<Void> left = keeper == null ? Future.succeededFuture() : keeper.leave();
        return left.eventually(() -> Future.join(unregister(events), unregister(removals)))
                .onComplete(_ -> ends.forEach(Runnable::run));
    }

    private static Future<Void> unregister(@Nullable Subscription subscription) {
        return subscription == null ? Future.succeededFuture() : subscription.unregister();
    }
}
