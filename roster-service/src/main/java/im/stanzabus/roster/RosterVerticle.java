package im.stanzabus.roster;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.Subscription;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.storage.DatabaseAway;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves the roster's bus addresses. Deployed on virtual threads: while one request waits for the database,
/// others are served.
final class RosterVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(RosterVerticle.class);
    private static final long TIDY_MILLIS = 600_000;

    private final Bus bus;
    private final RosterService service;
    private final String purgeAddress;
    private final MeterRegistry metrics;

    private @Nullable Subscription requests;
    private @Nullable Subscription purges;

    RosterVerticle(Bus bus, RosterService service, String purgeAddress, MeterRegistry metrics) {
        this.bus = bus;
        this.service = service;
        this.purgeAddress = purgeAddress;
        this.metrics = metrics;
    }

    @Override
    public Future<?> start() {
        Subscription forRequests = bus.serve(
                Addresses.ROSTER,
                RosterRequest.class,
                request -> measured(kind(request), () -> service.answer(request)));
        Subscription forPurges =
                bus.serve(purgeAddress, Purge.class, purge -> measured("purge", () -> service.purge(purge.account())));
        requests = forRequests;
        purges = forPurges;
        vertx.setPeriodic(TIDY_MILLIS, _ -> tidy());
        return Future.all(forRequests.completion(), forPurges.completion());
    }

    /// Takes no more requests and completes when those that were begun are answered.
    @Override
    public Future<?> stop() {
        return Future.all(unregister(requests), unregister(purges));
    }

    /// While the database is away nothing has to be forgotten.
    private void tidy() {
        try {
            service.forgetOldOutcomes();
        } catch (Exception e) { // await throws whatever the future failed with, checked or not
            LOG.debug("old outcomes are not forgotten now", e);
        }
    }

    private static Future<Void> unregister(@Nullable Subscription consumer) {
        return consumer == null ? Future.succeededFuture() : consumer.unregister();
    }

    private Future<BusMessage> measured(String kind, Supplier<BusMessage> work) {
        Timer.Sample begun = Timer.start(metrics);
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
        }
    }

    private static String kind(RosterRequest request) {
        return request.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
