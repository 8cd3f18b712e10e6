package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.session.iq.IqProcessor;
import im.stanzabus.session.iq.IqTarget;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One partition of the session managers: wires its parts and subscribes its address.
final class SessionVerticle extends VerticleBase {
    private static final long SWEEP_MILLIS = 5_000;

    private final ServiceContext services;
    private final SessionConfig config;
    private final int partition;
    private final List<IqProcessor> processors;
    private final AnonymousAccounts anonymous;
    private final InstantSource clock;
    private @Nullable MessageConsumer<Object> consumer;
    private @Nullable MessageConsumer<Object> removals;

    SessionVerticle(
            ServiceContext services,
            SessionConfig config,
            int partition,
            List<IqProcessor> processors,
            AnonymousAccounts anonymous,
            InstantSource clock) {
        this.services = services;
        this.config = config;
        this.partition = partition;
        this.processors = processors;
        this.anonymous = anonymous;
        this.clock = clock;
    }

    @Override
    public Future<?> start() {
        Bus bus = services.bus();
        HostStanzas hosts = new HostStanzas();
        Post post = new Post(bus, context, services.router(), hosts::handle);
        IqAnswers iqAnswers = new IqAnswers(bus, post, services.services(), processors);
        hosts.wire(post, iqAnswers);

        RosterClient rosters = new RosterClient(bus);
        Departures departures = new Departures(bus, post, clock);
        Carbons carbons = new Carbons(post);
        MessageStore store = new MessageStore(bus, context, post, clock);
        MessageDelivery messages = new MessageDelivery(post, store, carbons);
        PresenceDelivery presence = new PresenceDelivery(bus, post, departures, messages);
        Subscriptions subscriptions = new Subscriptions(rosters, post, presence);
        List<OwnIq> ownIqs = List.of(
                new RosterIq(bus, rosters, subscriptions), // RFC 6121 section 2
                new BlockingIq(rosters, post, presence), // XEP-0191
                new CarbonsIq()); // XEP-0280
        Sessions sessions = new Sessions(
                bus,
                new AccountLoader(bus, rosters, clock, anonymous),
                post,
                new Binding(config, post, departures),
                new ClientStanzas(post, presence, subscriptions, carbons, iqAnswers, ownIqs),
                new InboundStanzas(post, messages, presence, subscriptions, iqAnswers),
                departures,
                new Undelivered(post, messages),
                anonymous);

        Gauge.builder("stanzabus.session.accounts", sessions, Sessions::size)
                .tag("partition", Integer.toString(partition))
                .description("accounts whose state is held")
                .register(services.metrics());
        vertx.setPeriodic(SWEEP_MILLIS, _ -> sessions.sweep(config.offlineLinger()));
        String address = Addresses.sessions(services.node(), partition);
        // messages of this turn go to the log at its end, so the answer comes after that
        removals = bus.serve(
                Addresses.endSessions(address),
                Purge.class,
                purge -> sessions.end(purge.account()).compose(_ -> nextTurn()).map(Done.DONE));
        MessageConsumer<Object> events =
                bus.consume(address, SessionEvent.Batch.class, batch -> sessions.handle(batch.events()));
        consumer = events;
        return events.completion();
    }

    @Override
    public Future<?> stop() {
        return Future.join(unregister(consumer), unregister(removals));
    }

    private static Future<Void> unregister(@Nullable MessageConsumer<Object> consumer) {
        return consumer == null ? Future.succeededFuture() : consumer.unregister();
    }

    private Future<Void> nextTurn() {
        Promise<Void> promise = Promise.promise();
        context.runOnContext(_ -> promise.complete());
        return promise.future();
    }

    /// Stanzas to a virtual host itself (RFC 6120 section 10.5.1 and 10.5.2).
    private static final class HostStanzas {
        private @Nullable Post post;
        private @Nullable IqAnswers iqAnswers;

        void wire(Post toPost, IqAnswers toAnswers) {
            post = toPost;
            iqAnswers = toAnswers;
        }

        void handle(Stanza stanza) {
            if (post == null || iqAnswers == null) {
                throw new IllegalStateException("not wired");
            }
            boolean resource = stanza.to() != null && stanza.to().isFull();
            if (stanza.isIq() && !resource) {
                iqAnswers.answer(stanza, IqTarget.HOST, null);
            } else if (!stanza.isPresence() && stanza.type() != StanzaType.HEADLINE) {
                post.bounce(stanza, Condition.SERVICE_UNAVAILABLE);
            }
        }
    }
}
