package im.stanzabus.profile;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.bus.api.LastSeen;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves the bus addresses of profile-service. One event loop; every request is a few database statements.
final class ProfileVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ProfileVerticle.class);

    private static final int MAX_LOGOUTS_WAITING = 200_000;

    private final Bus bus;
    private final String purgeAddress;
    private final MeterRegistry metrics;
    private final VCards vcards;
    private final PrivateXml privateXml;
    private final LastActivity lastActivity;
    private final LastSeenWriter lastSeen;
    private final Purges purges;
    private final List<MessageConsumer<Object>> consumers = new ArrayList<>();

    private int inFlight;
    private @Nullable Promise<Void> idle;

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
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList());
    }

    /// Takes no more requests and completes when those that were begun are answered.
    @Override
    public Future<?> stop() {
        return Future.all(consumers.stream().map(MessageConsumer::unregister).toList())
                .compose(_ -> {
                    Promise<Void> done = Promise.promise();
                    idle = done;
                    if (inFlight == 0) {
                        done.complete();
                    }
                    return done.future();
                });
    }

    private <Q extends BusMessage> void serve(
            String address, Class<Q> type, String kind, Function<Q, ? extends Future<? extends BusMessage>> handler) {
        consumers.add(bus.serve(address, type, question -> measured(kind, handler.apply(question))));
    }

    private Future<BusMessage> measured(String kind, Future<? extends BusMessage> work) {
        Timer.Sample begun = Timer.start(metrics);
        inFlight++;
        return work.<BusMessage>map(answer -> answer)
                .recover(failure -> Future.failedFuture(explained(failure)))
                .onComplete(outcome -> {
                    String result = outcome.succeeded()
                            ? "answered"
                            : outcome.cause() instanceof BusFailure ? "refused" : "failed";
                    begun.stop(metrics.timer("stanzabus.profile.requests", "kind", kind, "result", result));
                    inFlight--;
                    if (inFlight == 0 && idle != null) {
                        idle.tryComplete();
                    }
                });
    }

    /// A database that is away is no fault of the request: it may be tried again later. A statement that the
    /// database refuses is a fault of this program and is passed on as it is.
    private static Throwable explained(Throwable failure) {
        if (failure instanceof BusFailure || !isDatabaseAway(failure)) {
            return failure;
        }
        LOG.warn("the database does not answer: {}", failure.toString());
        return new BusFailure(
                StanzaError.of(Condition.RESOURCE_CONSTRAINT, "the database is not available"), failure.toString());
    }

    private static boolean isDatabaseAway(Throwable failure) {
        if (failure instanceof PgException refused) {
            String state = String.valueOf(refused.getSqlState());
            // Connection exceptions, lack of resources, shut down or starting.
            return state.startsWith("08") || state.startsWith("53") || state.startsWith("57P");
        }
        return failure instanceof io.vertx.core.VertxException || failure instanceof java.io.IOException;
    }
}
