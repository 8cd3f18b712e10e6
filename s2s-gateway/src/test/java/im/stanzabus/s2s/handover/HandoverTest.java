package im.stanzabus.s2s.handover;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Bus;
import im.stanzabus.bus.LocalMembership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HandoverTest {
    private static final Jid ROMEO = Jid.of("romeo@localhost");
    private static final Jid JULIET = Jid.of("juliet@capulet.example/balcony");

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final LocalMembership membership = new LocalMembership(new NodeId("n1"), "test");
    private final SlotTable slots = new SlotTable(membership);
    private final Handover handover = new Handover(
            new Bus(vertx, membership),
            new Router(Set.of("localhost"), slots, new ServiceRegistry(membership)),
            context,
            "s2s.0@n1");

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /// Otherwise no window would ever close for who sends nothing else.
    @Test
    void whatNobodyConfirmsIsOnItsWayForAWhile() throws Exception {
        Stanza headline = Stanza.message(StanzaType.HEADLINE, JULIET, ROMEO);
        List<String> events = new ArrayList<>();
        CompletableFuture<List<String>> all = new CompletableFuture<>();
        context.runOnContext(_ -> {
            handover.deliver(headline, new Origin(1, 1), () -> events.add("first"));
            handover.deliver(headline, new Origin(1, 2), () -> {
                events.add("second");
                all.complete(List.copyOf(events));
            });
            events.add("this turn");
            context.runOnContext(_ -> events.add("next turn"));
        });
        assertThat(all.get(10, TimeUnit.SECONDS)).containsExactly("this turn", "next turn", "first", "second");
    }
}
