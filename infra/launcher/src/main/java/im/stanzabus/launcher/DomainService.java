package im.stanzabus.launcher;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.Membership;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceDescriptor.ServedDomain;
import im.stanzabus.bus.Subscription;
import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.bus.delivery.StanzaService;
import im.stanzabus.launcher.ServiceModule.RunningService;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/// A service with a domain of its own, between its {@link ServiceModule} and what it answers: it
/// answers the stanzas of its domains by {@link StanzaService} and, if it likes, IQ requests in the
/// place of accounts, is announced as soon as it can be reached, and withdrawn before it stops.
public final class DomainService {
    /// The IQ namespaces that session-service answers before anybody else is asked.
    public static final Set<String> SERVER_NAMESPACES = Set.of(
            Namespaces.DISCO_INFO,
            Namespaces.DISCO_ITEMS,
            Namespaces.PING,
            Namespaces.REGISTER,
            Namespaces.SESSION,
            Namespaces.BIND,
            Namespaces.ROSTER,
            Namespaces.BLOCKING,
            Namespaces.CARBONS,
            "jabber:iq:version",
            "jabber:iq:last",
            "urn:xmpp:time");

    private DomainService() {}

    /// Starts a service that answers its domains only.
    ///
    /// @param descriptor what is announced; its domains are served
    /// @param features that disco#info of the domains has beside those that all have
    /// @param stanzas answers what comes for the domains, on an event loop of the service's own:
    ///     it must not block
    /// @return fails with {@link StartupException} if a domain or a namespace is not to be had: if it is one
    ///     of the hosts, or the server or a living service of another name answers it
    public static Future<RunningService> start(
            ServiceContext context,
            ServiceDescriptor descriptor,
            List<String> features,
            StanzaService.Handler stanzas) {
        return start(
                context,
                descriptor,
                features,
                stanzas,
                _ -> Future.failedFuture(new BusFailure(
                        StanzaError.of(Condition.SERVICE_UNAVAILABLE),
                        descriptor.name() + " does not answer for accounts")));
    }

    /// Starts a service that answers for accounts too.
    ///
    /// @param requests answers requests in the descriptor's IQ namespaces, on the same event loop. A
    ///     request may come twice after a process died. {@link BusFailure} is told to the asker
    public static Future<RunningService> start(
            ServiceContext context,
            ServiceDescriptor descriptor,
            List<String> features,
            StanzaService.Handler stanzas,
            Function<IqRequest, Future<IqRequest.Answer>> requests) {
        Claims claims;
        try {
            claims = new Claims(descriptor, context.router());
            claims.check(context.bus().membership().view());
        } catch (StartupException e) {
            return Future.failedFuture(e);
        }
        return context.vertx()
                .deployVerticle(new Serving(context, claims.service(), features, stanzas, requests))
                .compose(deployment -> announced(context, claims, deployment));
    }

    private static Future<RunningService> announced(ServiceContext context, Claims claims, String deployment) {
        Membership membership = context.bus().membership();
        context.services().announce(claims.service());
        Runnable watch = membership.listen(claims::watch);
        RunningService running = () -> {
            watch.run();
            context.services().withdraw(claims.service());
            return context.vertx().undeploy(deployment);
        };
        try {
            claims.check(membership.view()); // another one may have started meanwhile, here too
            return Future.succeededFuture(running);
        } catch (StartupException e) {
            return running.stop().transform(_ -> Future.failedFuture(e));
        }
    }

    /// Has a context of its own, whoever starts it.
    private static final class Serving extends VerticleBase {
        private final ServiceContext process;
        private final ServiceDescriptor descriptor;
        private final List<String> features;
        private final StanzaService.Handler stanzas;
        private final Function<IqRequest, Future<IqRequest.Answer>> requests;
        private final List<Supplier<Future<Void>>> ends = new ArrayList<>();

        Serving(
                ServiceContext process,
                ServiceDescriptor descriptor,
                List<String> features,
                StanzaService.Handler stanzas,
                Function<IqRequest, Future<IqRequest.Answer>> requests) {
            this.process = process;
            this.descriptor = descriptor;
            this.features = features;
            this.stanzas = stanzas;
            this.requests = requests;
        }

        @Override
        public Future<?> start() {
            List<Future<?>> started = new ArrayList<>();
            for (ServedDomain served : descriptor.domains()) {
                started.add(
                        StanzaService.start(process.bus(), process.router(), process.slots(), served, features, stanzas)
                                .onSuccess(service -> ends.add(service::stop)));
            }
            for (String namespace : descriptor.iqNamespaces().keySet()) {
                Subscription subscription = process.bus().serve(Addresses.iq(namespace), IqRequest.class, this::answer);
                ends.add(subscription::unregister);
                started.add(subscription.completion());
            }
            return Future.all(started);
        }

        /// What XML cannot carry is a fault of the service's, and told as such where it is made.
        private Future<IqRequest.Answer> answer(IqRequest request) {
            return requests.apply(request).map(answer -> {
                Payload.of(answer.payload());
                return answer;
            });
        }

        /// Completes when what was asked for accounts is answered.
        @Override
        public Future<?> stop() {
            return Future.join(ends.stream().map(Supplier::get).toList());
        }
    }
}
