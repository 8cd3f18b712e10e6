package im.stanzabus.example.dice;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.IqAccess;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceDescriptor.ServedDomain;
import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.launcher.DomainService;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.ServiceModule;
import im.stanzabus.launcher.config.Settings;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Rolls dice for whoever writes `roll 2d6` to its domain, and for clients that ask their own account.
public final class DiceModule implements ServiceModule<String> {
    private static final String NAMESPACE = "urn:example:dice";
    private static final Pattern DICE = Pattern.compile("(?:roll )?([1-9][0-9]?)d([1-9][0-9]{0,2})");

    @Override
    public String name() {
        return "dice-service";
    }

    @Override
    public String configure(Settings settings) {
        return settings.domain("domain", "dice.localhost");
    }

    @Override
    public Future<RunningService> start(String domain, ServiceContext context) {
        ServiceDescriptor descriptor = ServiceDescriptor.internal(name(), "1.0", false)
                .withDomains(List.of(new ServedDomain(domain, "component", "generic", "Dice")))
                .withIqNamespaces(Map.of(NAMESPACE, IqAccess.SELF))
                .withFeatures(List.of(), List.of(NAMESPACE));
        return DomainService.start(context, descriptor, List.of(), DiceModule::reply, DiceModule::answer);
    }

    private static Future<List<Stanza>> reply(Stanza stanza) {
        Element body = stanza.payload().child("body", Namespaces.CLIENT);
        if (!stanza.isMessage() || stanza.isError() || body == null) {
            return Future.succeededFuture(List.of());
        }
        Element rolled = Element.text("body", Namespaces.CLIENT, roll(body.text()));
        return Future.succeededFuture(List.of(Stanza.message(stanza.type(), stanza.to(), stanza.from(), rolled)));
    }

    private static Future<IqRequest.Answer> answer(IqRequest request) {
        String rolled = roll(Objects.requireNonNull(request.iq().query()).text());
        return Future.succeededFuture(new IqRequest.Answer(List.of(Element.text("rolled", NAMESPACE, rolled))));
    }

    private static String roll(String text) {
        Matcher dice = DICE.matcher(text.strip());
        if (!dice.matches()) {
            throw new BusFailure(StanzaError.of(Condition.BAD_REQUEST, "Say: roll 2d6"), "no dice");
        }
        int count = Integer.parseInt(dice.group(1));
        int sides = Integer.parseInt(dice.group(2));
        return count + "d" + sides + ": "
                + ThreadLocalRandom.current().ints(count, 1, sides + 1).sum();
    }
}
