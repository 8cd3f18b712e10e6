package im.stanzabus.auth;

import im.stanzabus.auth.account.AccountRemoval;
import im.stanzabus.auth.account.AccountService;
import im.stanzabus.auth.sasl.SaslService;
import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.Subscription;
import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.bus.api.AuthRequest.Accounts;
import im.stanzabus.bus.api.AuthRequest.Exists;
import im.stanzabus.bus.api.Done;
import im.stanzabus.storage.DatabaseAway;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the requests at {@link Addresses#AUTH}, on one event loop: every step is short or waits in a
/// future. From time to time it goes on with removals that did not finish.
final class AuthVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(AuthVerticle.class);

    private final Bus bus;
    private final AuthConfig config;
    private final SaslService sasl;
    private final AccountService accounts;
    private final Registration registration;
    private final AccountRemoval removal;
    private @Nullable Subscription consumer;
    private boolean stopping;

    AuthVerticle(
            Bus bus,
            AuthConfig config,
            SaslService sasl,
            AccountService accounts,
            Registration registration,
            AccountRemoval removal) {
        this.bus = bus;
        this.config = config;
        this.sasl = sasl;
        this.accounts = accounts;
        this.registration = registration;
        this.removal = removal;
    }

    @Override
    public Future<?> start() {
        Subscription serving = bus.serve(Addresses.AUTH, AuthRequest.class, this::answerOrExplain);
        consumer = serving;
        resumeRemovals();
        vertx.setPeriodic(config.removalRetry().toMillis(), _ -> resumeRemovals());
        return serving.completion();
    }

    @Override
    public Future<?> stop() {
        stopping = true;
        return consumer == null ? Future.succeededFuture() : consumer.unregister();
    }

    private Future<BusMessage> answerOrExplain(AuthRequest request) {
        return answer(request)
                .<BusMessage>map(answer -> answer)
                .recover(failure -> Future.failedFuture(DatabaseAway.explain(failure)));
    }

    private Future<? extends BusMessage> answer(AuthRequest request) {
        return switch (request) {
            case AuthRequest.OfferMechanisms offer -> Future.succeededFuture(sasl.offer(offer));
            case AuthRequest.SaslStep step -> sasl.step(step);
            case AuthRequest.AccountExists ask -> accounts.exists(ask.account()).map(Exists::new);
            case AuthRequest.CreateAccount create ->
                done(accounts.create(create.account(), create.password(), create.creation()));
            case AuthRequest.Register register -> done(registration.register(register));
            case AuthRequest.RegistrationOpen ask ->
                Future.succeededFuture(new Exists(registration.isOpen(ask.host())));
            case AuthRequest.ChangePassword change ->
                done(accounts.changePassword(change.account(), change.password()));
            case AuthRequest.RemoveAccount remove -> done(removal.remove(remove.account()));
            case AuthRequest.ListAccounts list ->
                accounts.list(list.host(), list.after(), list.limit()).map(Accounts::new);
        };
    }

    private void resumeRemovals() {
        removal.resume().onFailure(failure -> {
            // The database may be closed while the last look is under way; the next start looks again.
            if (!stopping) {
                LOG.warn("cannot look for unfinished removals: {}", failure.toString());
            }
        });
    }

    private static Future<Done> done(Future<Void> work) {
        return work.map(Done.DONE);
    }
}
