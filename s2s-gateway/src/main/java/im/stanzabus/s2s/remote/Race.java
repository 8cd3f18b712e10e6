package im.stanzabus.s2s.remote;

import im.stanzabus.s2s.dns.IpFamily;
import im.stanzabus.s2s.dns.Location;
import im.stanzabus.s2s.dns.Target;
import im.stanzabus.stanza.StanzaError;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Looks for a connection to one of several targets, the first that comes about: the targets in order, the
/// addresses of each as "happy eyeballs" (RFC 8305) does. A target that does not answer is not given up when
/// the next one is tried. Confined to its context.
///
/// @param <C> a connection
final class Race<C> implements Attempt<Race.Won<C>> {
    /// @param others targets that were not tried
    record Won<C>(C connection, Target target, List<Target> others) {}

    /// How much of what DNS has led to is told.
    private static final int MAX_TEXT = 1_000;

    private final Dialler<C> dialler;
    private final Addresses addresses;
    private final Timers timers;
    private final Pace pace;
    private final Promise<Won<C>> result = Promise.promise();
    private final Deque<Target> waiting = new ArrayDeque<>();
    private final List<Heat> heats = new ArrayList<>();
    private boolean located;
    private boolean over;
    private Timers.@Nullable Timer whole;
    private Timers.@Nullable Timer between;
    private Timers.@Nullable Timer resolution;
    private Timers.@Nullable Timer patience;

    Race(Dialler<C> dialler, Addresses addresses, Timers timers, Pace pace) {
        this.dialler = dialler;
        this.addresses = addresses;
        this.timers = timers;
        this.pace = pace;
    }

    /// Begins, as soon as it is known where.
    void start(Future<Location> location) {
        whole = timers.after(pace.whole().toMillis(), this::late);
        location.onSuccess(this::located);
    }

    @Override
    public Future<Won<C>> result() {
        return result.future();
    }

    @Override
    public void cancel() {
        if (!over) {
            lose(new CancellationException("not needed any more"));
        }
    }

    private void located(Location location) {
        if (over) {
            return;
        }
        located = true;
        switch (location) {
            case Location.Served served -> {
                waiting.addAll(served.targets());
                nextTarget();
            }
            case Location.NotServed not ->
                lose(new Unreachable(StanzaError.Condition.REMOTE_SERVER_NOT_FOUND, not.why()));
            case Location.Unknown unknown ->
                lose(new Unreachable(StanzaError.Condition.REMOTE_SERVER_TIMEOUT, unknown.why()));
        }
    }

    private void nextTarget() {
        stop(between);
        stop(resolution);
        between = null;
        resolution = null;
        Target target = waiting.poll();
        if (target == null) {
            loseIfNothingIsUnderWay();
            return;
        }
        Heat heat = new Heat(target);
        heats.add(heat);
        waitFor(heat);
        for (IpFamily family : IpFamily.values()) {
            addresses.find(target.host(), family).onComplete(found -> found(heat, family, found));
        }
    }

    /// The next target is tried if nothing happens here for a while.
    private void waitFor(Heat heat) {
        stop(patience);
        patience = waiting.isEmpty()
                ? null
                : timers.after(pace.patience().toMillis(), () -> ifCurrent(heat, this::nextTarget));
    }

    private void found(Heat heat, IpFamily family, AsyncResult<List<InetAddress>> found) {
        if (found.succeeded()) {
            heat.found(family, found.result());
        } else {
            heat.notFound(family, found.cause());
        }
        ifCurrent(heat, () -> advance(heat));
    }

    private void ifCurrent(Heat heat, Runnable task) {
        if (!over && heat.equals(heats.getLast())) {
            task.run();
        }
    }

    private void advance(Heat heat) {
        if (heat.isUnsettled()) {
            if (resolution == null) {
                resolution = timers.after(pace.resolution().toMillis(), () -> {
                    heat.settle();
                    ifCurrent(heat, () -> advance(heat));
                });
            }
        } else if (heat.hasUntried()) {
            if (between == null) {
                dial(heat);
            }
        } else if (heat.isLookedUp() && !heat.hasUnderWay()) {
            nextTarget();
        }
    }

    private void dial(Heat heat) {
        between = timers.after(pace.between().toMillis(), () -> {
            between = null;
            ifCurrent(heat, () -> advance(heat));
        });
        waitFor(heat);
        InetSocketAddress address = heat.next();
        dialler.dial(address).onComplete(dialled -> {
            if (dialled.failed()) {
                failed(heat, address, dialled.cause());
            } else if (over) {
                dialler.close(dialled.result());
            } else {
                end();
                result.complete(new Won<>(dialled.result(), heat.target(), List.copyOf(waiting)));
            }
        });
    }

    /// The next address need not wait any longer.
    private void failed(Heat heat, InetSocketAddress address, Throwable why) {
        heat.failed(address, why);
        if (over) {
            return;
        }
        if (heat.equals(heats.getLast())) {
            stop(between);
            between = null;
            advance(heat);
        } else {
            loseIfNothingIsUnderWay();
        }
    }

    private void loseIfNothingIsUnderWay() {
        if (waiting.isEmpty()
                && heats.getLast().isLookedUp()
                && !heats.getLast().hasUntried()
                && heats.stream().noneMatch(Heat::hasUnderWay)) {
            boolean nowhere = heats.stream().allMatch(Heat::hasNoAddress);
            lose(unreachable(
                    nowhere
                            ? StanzaError.Condition.REMOTE_SERVER_NOT_FOUND
                            : StanzaError.Condition.REMOTE_SERVER_TIMEOUT));
        }
    }

    private void late() {
        lose(
                located
                        ? unreachable(StanzaError.Condition.REMOTE_SERVER_TIMEOUT)
                        : new Unreachable(StanzaError.Condition.REMOTE_SERVER_TIMEOUT, "DNS: no answer"));
    }

    private Unreachable unreachable(StanzaError.Condition condition) {
        String all = heats.stream().map(Heat::toString).collect(Collectors.joining("; "));
        return new Unreachable(condition, all.length() <= MAX_TEXT ? all : all.substring(0, MAX_TEXT) + '…');
    }

    private void lose(Exception why) {
        end();
        result.fail(why);
    }

    private void end() {
        over = true;
        stop(whole);
        stop(between);
        stop(resolution);
        stop(patience);
    }

    private static void stop(Timers.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
