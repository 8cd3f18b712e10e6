package im.stanzabus.s2s.remote;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.s2s.dns.IpFamily;
import im.stanzabus.s2s.dns.Location;
import im.stanzabus.s2s.dns.Target;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Whatever hosts and name servers do, and when: there is one outcome in time, nothing is left over, and a
/// connection is found if one address answers soon.
class RacePropertyTest {
    private static final long WHOLE = Pace.DEFAULT.whole().toMillis();

    private final FakeTimers timers = new FakeTimers();
    private final FakeNetwork network = new FakeNetwork(timers);
    private final List<String> accepted = new ArrayList<>();
    private final Map<String, Promise<List<InetAddress>>> lookUps = new HashMap<>();

    @Property(tries = 500)
    void thereIsOneOutcomeAndNothingIsLeft(@ForAll long seed) {
        new RacePropertyTest().race(new Random(seed));
    }

    private void race(Random random) {
        Race<String> race = new Race<>(network, network, timers, Pace.DEFAULT);
        race.start(Future.succeededFuture(new Location.Served(targets(random))));
        while (!race.result().isComplete()) {
            timers.pass(random.nextInt(400));
            endSomething(random);
        }
        assertThat(timers.now()).isLessThanOrEqualTo(WHOLE + 400);
        assertThat(timers.running()).isZero();

        for (String address : network.underWay()) {
            accept(address);
        }
        List<String> open = new ArrayList<>(accepted);
        open.removeAll(network.closed);
        assertThat(open)
                .isEqualTo(
                        race.result().succeeded()
                                ? List.of(race.result().result().connection())
                                : List.of());
        assertThat(network.log).doesNotHaveDuplicates();
    }

    private List<Target> targets(Random random) {
        List<Target> targets = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(4); i++) {
            Target target = new Target("t" + i + ".example", 5269, random.nextBoolean());
            targets.add(target);
            for (IpFamily family : IpFamily.values()) {
                lookUps.put((family == IpFamily.V6 ? "2001:db8:" : "192.0.") + i, network.slow(target.host(), family));
            }
        }
        return targets;
    }

    private void endSomething(Random random) {
        List<String> names = lookUps.keySet().stream().sorted().toList();
        if (!names.isEmpty() && random.nextInt(3) > 0) {
            String prefix = names.get(random.nextInt(names.size()));
            Promise<List<InetAddress>> lookUp = lookUps.remove(prefix);
            if (random.nextInt(4) == 0) {
                lookUp.fail("failed");
            } else {
                lookUp.complete(addresses(prefix, random.nextInt(3)));
            }
        }
        List<String> underWay = network.underWay();
        if (!underWay.isEmpty() && random.nextInt(3) == 0) {
            String address = underWay.get(random.nextInt(underWay.size()));
            if (random.nextInt(4) == 0) {
                accept(address);
            } else {
                network.refuse(address);
            }
        }
    }

    private void accept(String address) {
        accepted.add(address);
        network.accept(address);
    }

    private static List<InetAddress> addresses(String prefix, int count) {
        List<InetAddress> addresses = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            addresses.add(InetAddress.ofLiteral(prefix + (prefix.indexOf(':') < 0 ? "." : "::") + i));
        }
        return addresses;
    }
}
