package im.stanzabus.bench.micro;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.LocalMembership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.Route;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.stanza.Jid;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Where a stanza goes: the decision by its receiver, and the owner of an account.
@State(Scope.Thread)
public class RouterBench {
    private final Jid account = Jid.of("juliet@localhost");
    private final Jid client = Jid.of("juliet@localhost/balcony");
    private final Jid room = Jid.of("verona@rooms.localhost");
    private final Jid elsewhere = Jid.of("mercutio@elsewhere.example");
    private final Router router = router();

    private static Router router() {
        LocalMembership membership = new LocalMembership(new NodeId("n1"), "1");
        membership.offer(Addresses.sessions(0));
        ServiceRegistry services = new ServiceRegistry(membership);
        services.announce(ServiceDescriptor.internal("rooms", "1", false)
                .withDomains(
                        List.of(new ServiceDescriptor.ServedDomain("rooms.localhost", "conference", "text", "Rooms"))));
        return new Router(Set.of("localhost"), new SlotTable(membership), services);
    }

    @Benchmark
    public Route toAnAccount() {
        return router.route(account);
    }

    @Benchmark
    public Route toAClient() {
        return router.route(client);
    }

    @Benchmark
    public Route toAService() {
        return router.route(room);
    }

    @Benchmark
    public Route toAnotherServer() {
        return router.route(elsewhere);
    }

    @Benchmark
    public @Nullable String owner() {
        return router.ownerOf(client);
    }
}
