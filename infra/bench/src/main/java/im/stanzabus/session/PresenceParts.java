package im.stanzabus.session;

import im.stanzabus.bench.micro.EventLoop;
import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.LocalMembership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.api.StanzaIds;
import im.stanzabus.bus.delivery.Outgoing;
import im.stanzabus.bus.delivery.RecentOrigins;
import im.stanzabus.processor.loading.ProcessorChain;
import java.time.Clock;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What presence goes through in a partition that owns all accounts, wired as {@link Partition} does it. Another
/// partition's worth of receivers takes what is sent and does nothing.
final class PresenceParts {
    private static final NodeId NODE = new NodeId("n1");
    private static final String NAME = Addresses.sessions(0);
    private static final int QUEUE = 1_000;
    private static final long QUEUE_BYTES = 16 << 20;

    /// Where all clients are connected.
    static final String GATEWAY = Addresses.at(Addresses.gateway(0), NODE);

    final PresenceDelivery presence;
    final StreamReports reports;

    PresenceParts(EventLoop loop) {
        Bus bus = new Bus(loop.vertx(), new LocalMembership(NODE, "1"));
        loop.turns(1, () -> {
            bus.consume(NAME, SessionEvent.Batch.class, _ -> {});
            bus.consume(Addresses.gateway(0), ConnectionEvent.Batch.class, _ -> {});
        });
        ServiceRegistry services = new ServiceRegistry(bus.membership());
        Router router = new Router(Set.of("localhost"), new SlotTable(bus.membership()), services);
        String address = Addresses.at(NAME, NODE);
        Outgoing<Account> outgoing = new Outgoing<>(bus, loop.context(), address);
        outgoing.claimed(new SlotClaim(
                address,
                0,
                IntStream.range(0, SlotTable.SLOTS).boxed().collect(Collectors.toMap(slot -> slot, _ -> 1L))));
        Post post = new Post(bus, loop.context(), address, router, outgoing, _ -> {}, ProcessorChain.NONE);
        Clock clock = Clock.systemUTC();
        MessageArchive archive = new MessageArchive(
                new MessageStore(bus, loop.context(), _ -> {}),
                new StanzaIds(StanzaIds.newKey()),
                Set.of(),
                new Doubts(outgoing, post::isAlone, _ -> 1, System::nanoTime),
                clock);
        MessageDelivery messages =
                new MessageDelivery(post, archive, new Carbons(post), new Acceptances(post, new RecentOrigins()));
        presence = new PresenceDelivery(
                post, new Departures(bus, post, clock), new OfflineDeliveries(bus, post, messages));
        reports = new StreamReports(loop.context(), post::tell, QUEUE, QUEUE_BYTES, _ -> {}, PresenceParts::tooSlow);
    }

    private static void tooSlow(Resource resource) {
        throw new IllegalStateException(resource.jid + " does not take what it is sent");
    }
}
