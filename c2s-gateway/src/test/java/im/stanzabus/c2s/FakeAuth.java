package im.stanzabus.c2s;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.SaslReply;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An auth-service that knows everybody, with the password "secret". Its mechanism TWO-STEPS asks for the name first,
/// its mechanism SCRAM-TEST-PLUS is for channel binding. It offers PLAIN in plain text too, for the tests' sake.
final class FakeAuth {
    static final String PASSWORD = "secret";
    private static final Pattern PLAIN = Pattern.compile("\0([^\0]+)\0([^\0]+)");

    final BlockingQueue<AuthRequest.OfferMechanisms> offers = new LinkedBlockingQueue<>();
    final BlockingQueue<AuthRequest.SaslStep> steps = new LinkedBlockingQueue<>();
    final BlockingQueue<AuthRequest.Register> registrations = new LinkedBlockingQueue<>();

    /// When set, steps are answered with it.
    volatile Promise<SaslReply> held;

    volatile boolean down;

    FakeAuth(Bus bus) {
        bus.serve(Addresses.AUTH, AuthRequest.class, this::answer);
    }

    private Future<? extends BusMessage> answer(AuthRequest request) {
        if (down) {
            return Future.failedFuture(
                    new BusFailure(StanzaError.of(StanzaError.Condition.RESOURCE_CONSTRAINT, "not now"), "down"));
        }
        return switch (request) {
            case AuthRequest.OfferMechanisms offer -> {
                offers.add(offer);
                yield Future.succeededFuture(new AuthRequest.Mechanisms(
                        offer.bindings().isEmpty()
                                ? List.of("PLAIN", "TWO-STEPS")
                                : List.of("SCRAM-TEST-PLUS", "PLAIN", "TWO-STEPS"),
                        offer.bindings()));
            }
            case AuthRequest.RegistrationOpen open ->
                Future.succeededFuture(new AuthRequest.Exists(open.host().equals(TestGateway.ALPHA)));
            case AuthRequest.Register register -> {
                registrations.add(register);
                yield register.username().equals("taken")
                        ? Future.failedFuture(new BusFailure(StanzaError.of(StanzaError.Condition.CONFLICT), "taken"))
                        : Future.succeededFuture(Done.DONE);
            }
            case AuthRequest.SaslStep step -> {
                steps.add(step);
                yield held != null ? held.future() : Future.succeededFuture(step(step));
            }
            default -> Future.failedFuture(new IllegalStateException("not asked by gateways: " + request));
        };
    }

    private static SaslReply step(AuthRequest.SaslStep step) {
        String data = step.data() == null ? null : new String(step.data(), StandardCharsets.UTF_8);
        return switch (step.mechanism()) {
            case "PLAIN", "SCRAM-TEST-PLUS" -> {
                Matcher plain = PLAIN.matcher(String.valueOf(data));
                yield plain.matches() && plain.group(2).equals(PASSWORD)
                        ? new SaslReply.Success(Jid.of(plain.group(1) + "@" + step.host()), null)
                        : new SaslReply.Failure("not-authorized", "wrong name or password");
            }
            default ->
                step.state() == null
                        ? new SaslReply.Challenge(
                                data == null ? new byte[0] : ("hello " + data).getBytes(StandardCharsets.UTF_8),
                                "state".getBytes(StandardCharsets.UTF_8))
                        : new SaslReply.Success(
                                Jid.of((data.isEmpty() ? "nobody" : data) + "@" + step.host()),
                                "welcome".getBytes(StandardCharsets.UTF_8));
        };
    }
}
