package im.stanzabus.cluster;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.SlotTable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Claims and gives back the slots of one session manager: connects {@link Ownership}, which decides, with
/// the bus, the clock and the leases. Confined to its context; {@link #start} and {@link #leave} may be
/// called from any thread.
public final class SlotKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(SlotKeeper.class);
    private static final long TICK_MILLIS = 50;
    private static final long CALL_LIMIT_MILLIS = 5_000;
    private static final long START_LIMIT_MILLIS = 15_000;
    private static final long LEAVE_LIMIT_MILLIS = 5_000;

    private final Bus bus;
    private final Context context;
    private final SlotTable table;
    private final Leases leases;
    private final String address;
    private final SlotTenant tenant;
    private final Ownership ownership;
    private final Promise<Void> started = Promise.promise();
    private final Promise<Void> left = Promise.promise();
    private final List<Runnable> ends = new ArrayList<>();
    private @Nullable Throwable trouble;

    /// @param address of the session manager
    public SlotKeeper(Bus bus, Context context, SlotTable table, Leases leases, String address, SlotTenant tenant) {
        this.bus = bus;
        this.context = context;
        this.table = table;
        this.leases = leases;
        this.address = address;
        this.tenant = tenant;
        LongSupplier clock = () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        ownership = new Ownership(address, clock, new LeaseCalls(), new Tenancy(), this::tell);
    }

    /// Begins to claim; completes when the first claims are open, or when it is known that there are none
    /// to be had now. The session managers' names of this process should all be offered before, so that
    /// slots do not move among them. Fails if the leases cannot be reached for long.
    public Future<Void> start() {
        context.runOnContext(_ -> begin());
        return started.future();
    }

    /// Whether the slot is held here, opened or not.
    public boolean holds(int slot) {
        return ownership.holds(slot);
    }

    /// Whether events of the slot are to be handled now.
    public boolean isOpen(int slot) {
        return ownership.isOpen(slot);
    }

    /// The epoch of a slot that is held; 0 for another.
    public long epoch(int slot) {
        return ownership.epoch(slot);
    }

    /// A gateway has answered a claim.
    public void announced(SessionEvent.Announced answer) {
        ownership.announced(answer);
        check();
    }

    /// The log has refused an epoch: somebody else seems to own slots that we take for ours.
    public void suspect() {
        ownership.suspect();
    }

    /// Gives everything back; completes when it is done, or takes too long: then the leases end with the
    /// process.
    public Future<Void> leave() {
        context.runOnContext(_ -> {
            ownership.leave();
            context.owner().setTimer(LEAVE_LIMIT_MILLIS, _ -> end());
            check();
        });
        return left.future();
    }

    private void begin() {
        ends.add(bus.membership()
                .listen(_ -> onContext(() -> ownership.viewed(bus.membership().view()))));
        ends.add(table.listen(claim -> {
            if (!claim.owner().equals(address)) {
                onContext(() -> ownership.heard(claim));
            }
        }));
        long tick = context.owner().setPeriodic(TICK_MILLIS, _ -> {
            ownership.tick();
            check();
        });
        ends.add(() -> context.owner().cancelTimer(tick));
        context.owner().setTimer(START_LIMIT_MILLIS, _ -> giveUpStarting());
        ownership.viewed(bus.membership().view());
        check();
    }

    private void giveUpStarting() {
        if (started.tryFail(new IllegalStateException(
                "slots could not be claimed" + (trouble == null ? "" : ": " + trouble.getMessage()), trouble))) {
            LOG.error("{} could not claim its slots in {} ms", address, START_LIMIT_MILLIS);
        }
    }

    private void check() {
        if (ownership.isSettled()) {
            started.tryComplete();
        }
        if (ownership.isLeft()) {
            end();
        }
    }

    private void end() {
        ends.forEach(Runnable::run);
        ends.clear();
        started.tryComplete();
        left.tryComplete();
    }

    private void tell(NodeId member, SlotClaim claim) {
        if (member.equals(bus.self())) {
            table.claimed(claim);
        } else {
            bus.send(Addresses.at(Addresses.SLOTS, member), claim);
        }
    }

    private void onContext(Runnable what) {
        context.runOnContext(_ -> {
            what.run();
            check();
        });
    }

    private final class LeaseCalls implements Ownership.Leasing {
        @Override
        public void claim(Set<Integer> slots) {
            call(leases.claim(address, slots), ownership::granted);
        }

        @Override
        public void release(Set<Integer> slots) {
            call(leases.release(address, slots), _ -> ownership.released(slots));
        }

        @Override
        public void readHeld() {
            call(leases.held(address), ownership::held);
        }

        private <T> void call(Future<T> answer, Consumer<T> taker) {
            answer.timeout(CALL_LIMIT_MILLIS, TimeUnit.MILLISECONDS)
                    .onComplete(result -> onContext(() -> {
                        if (result.succeeded()) {
                            trouble = null;
                            taker.accept(result.result());
                        } else {
                            troubled(result.cause());
                            ownership.failed();
                        }
                    }));
        }

        private void troubled(Throwable failure) {
            if (trouble == null) {
                LOG.warn("{} cannot reach the leases and keeps what it has: {}", address, failure.getMessage());
            }
            trouble = failure;
        }
    }

    private final class Tenancy implements Ownership.Tenancy {
        @Override
        public void claimed(Set<Integer> slots) {
            LOG.debug("{} claimed {} slots", address, slots.size());
            tenant.claimed(slots);
        }

        @Override
        public void opened(Set<Integer> slots) {
            LOG.info("{} owns {} slots more", address, slots.size());
            tenant.opened(slots);
        }

        @Override
        public void closing(Set<Integer> slots) {
            LOG.info("{} gives {} slots to others", address, slots.size());
            tenant.closing(slots).onComplete(_ -> onContext(() -> ownership.closed(slots)));
        }

        @Override
        public void lost(Set<Integer> slots) {
            LOG.info("{} has {} slots less", address, slots.size());
            tenant.lost(slots);
        }
    }
}
