package im.stanzabus.roster;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.storage.DatabaseAway;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Serves the roster's bus addresses. Deployed on virtual threads: while one request waits for the database,
/// others are served.
final class RosterVerticle extends VerticleBase {

    private final Bus bus;
    private final RosterService service;
    private final String purgeAddress;
    private final MeterRegistry metrics;

    private int inFlight;
    private @Nullable Promise<Void> drained;
    private @Nullable MessageConsumer<Object> requests;
    private @Nullable MessageConsumer<Object> purges;

    RosterVerticle(Bus bus, RosterService service, String purgeAddress, MeterRegistry metrics) {
        this.bus = bus;
        this.service = service;
        this.purgeAddress = purgeAddress;
        this.metrics = metrics;
    }

    @Override
    public Future<?> start() {
        MessageConsumer<Object> forRequests = bus.serve(
                Addresses.ROSTER,
                RosterRequest.class,
                request -> measured(kind(request), () -> service.answer(request)));
        MessageConsumer<Object> forPurges =
                bus.serve(purgeAddress, Purge.class, purge -> measured("purge", () -> service.purge(purge.account())));
        requests = forRequests;
        purges = forPurges;
        return Future.all(forRequests.completion(), forPurges.completion());
    }

    /// Takes no more requests and completes when those that were begun are done.
    @Override
    public Future<?> stop() {
        Promise<Void> done = Promise.promise();
        return Future.all(unregister(requests), unregister(purges)).compose(_ -> {
            drained = done;
            if (inFlight == 0) {
                done.tryComplete();
            }
            return done.future();
        });
    }

    private static Future<Void> unregister(@Nullable MessageConsumer<Object> consumer) {
        return consumer == null ? Future.succeededFuture() : consumer.unregister();
    }

    private Future<BusMessage> measured(String kind, Supplier<BusMessage> work) {
        Timer.Sample begun = Timer.start(metrics);
        inFlight++;
        String result = "failed";
        try {
            BusMessage answer = work.get();
            result = "answered";
            return Future.succeededFuture(answer);
        } catch (BusFailure e) {
            result = "refused";
            return Future.failedFuture(e);
        } catch (Exception e) { // await throws whatever the future failed with, checked or not
            return Future.failedFuture(DatabaseAway.explain(e));
        } finally {
            begun.stop(metrics.timer("stanzabus.roster.requests", "kind", kind, "result", result));
            inFlight--;
            if (inFlight == 0 && drained != null) {
                drained.tryComplete();
            }
        }
    }

    private static String kind(RosterRequest request) {
        return request.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
