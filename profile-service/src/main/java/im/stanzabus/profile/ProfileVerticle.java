package im.stanzabus.profile;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.Subscription;
import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.bus.api.LastSeen;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.storage.DatabaseAway;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.sqlclient.Pool;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Serves the bus addresses of profile-service. One event loop; every request is a few database statements.
final class ProfileVerticle extends VerticleBase {

    private static final int MAX_LOGOUTS_WAITING = 200_000;

    private final Bus bus;
    private final String purgeAddress;
    private final MeterRegistry metrics;
    private final VCards vcards;
    private final PrivateXml privateXml;
    private final LastActivity lastActivity;
    private final LastSeenWriter lastSeen;
    private final Purges purges;
    private final List<Subscription> consumers = new ArrayList<>();

    ProfileVerticle(
            Bus bus,
            Pool database,
            ProfileConfig config,
            String purgeAddress,
            InstantSource clock,
            MeterRegistry metrics) {
        this.bus = bus;
        this.purgeAddress = purgeAddress;
        this.metrics = metrics;
        LastSeenTable table = new LastSeenTable(database);
        vcards = new VCards(database, config.vcardMaxBytes());
        privateXml =
                new PrivateXml(new PrivateXmlTable(database, config.privateMaxElements()), config.privateMaxBytes());
        lastActivity = new LastActivity(table::read, clock);
        lastSeen = new LastSeenWriter(table::write, new Forgotten(System::nanoTime), MAX_LOGOUTS_WAITING);
        purges = new Purges(database, lastSeen);
    }

    @Override
    public Future<?> start() {
        serve(Addresses.iq(VCards.NAMESPACE), IqRequest.class, "vcard", vcards::answer);
        serve(Addresses.iq(PrivateXml.NAMESPACE), IqRequest.class, "private", privateXml::answer);
        serve(Addresses.iq(LastActivity.NAMESPACE), IqRequest.class, "last-activity", lastActivity::answer);
        serve(Addresses.PROFILE, LastSeen.class, "last-seen", lastSeen::write);
        serve(purgeAddress, Purge.class, "purge", purge -> purges.purge(purge.account()));
        return Future.all(consumers.stream().map(Subscription::completion).toList());
    }

    /// Takes no more requests and completes when those that were begun are answered.
    @Override
    public Future<?> stop() {
        return Future.all(consumers.stream().map(Subscription::unregister).toList());
    }

    private <Q extends BusMessage> void serve(
            String address, Class<Q> type, String kind, Function<Q, ? extends Future<? extends BusMessage>> handler) {
        consumers.add(bus.serve(address, type, question -> measured(kind, handler.apply(question))));
    }

    private Future<BusMessage> measured(String kind, Future<? extends BusMessage> work) {
        Timer.Sample begun = Timer.start(metrics);
        return work.<BusMessage>map(answer -> answer)
                .recover(failure -> Future.failedFuture(DatabaseAway.explain(failure)))
                .onComplete(outcome -> {
                    String result = outcome.succeeded()
                            ? "answered"
                            : outcome.cause() instanceof BusFailure ? "refused" : "failed";
                    begun.stop(metrics.timer("stanzabus.profile.requests", "kind", kind, "result", result));
                });
    }
}
