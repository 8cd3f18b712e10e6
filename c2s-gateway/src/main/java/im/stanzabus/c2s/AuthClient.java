package im.stanzabus.c2s;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.SaslReply;
import io.vertx.core.Future;

/// auth-service as the gateway sees it. All futures fail with {@link im.stanzabus.bus.BusFailure} only.
/// Confined to its context.
final class AuthClient {
    private final Bus bus;
    private final BriefCache<AuthRequest.OfferMechanisms, AuthRequest.Mechanisms> mechanisms;
    private final BriefCache<String, Boolean> registration;

    AuthClient(Bus bus) {
        this.bus = bus;
        mechanisms = new BriefCache<>(offer -> bus.request(Addresses.AUTH, offer, AuthRequest.Mechanisms.class));
        registration = new BriefCache<>(
                host -> bus.request(Addresses.AUTH, new AuthRequest.RegistrationOpen(host), AuthRequest.Exists.class)
                        .map(AuthRequest.Exists::exists));
    }

    /// What to offer on a stream.
    Future<AuthRequest.Mechanisms> mechanisms(AuthRequest.OfferMechanisms offer) {
        return mechanisms.get(offer);
    }

    Future<SaslReply> step(AuthRequest.SaslStep step) {
        return bus.request(Addresses.AUTH, step, SaslReply.class);
    }

    /// Whether unknown clients may register at the host.
    Future<Boolean> registrationOpen(String host) {
        return registration.get(host);
    }

    Future<Done> register(AuthRequest.Register register) {
        return bus.request(Addresses.AUTH, register, Done.class);
    }
}
