package im.stanzabus.session;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How many messages may go over the bus for what a client does. Of several times the least counts: what is told every
/// second may come in between.
@Timeout(60)
class BusBudgetTest {
    private static final Jid ROMEO = Jid.of("romeo@localhost/orchard");
    private static final int FRIENDS = 50;
    private static final int CHANGES = 10;

    private Vertx vertx;
    private FakeServices services;
    private final AtomicInteger sent = new AtomicInteger();

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        services = new FakeServices(vertx, false);
        services.startPartition(0);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static Jid friend(int number) {
        return Jid.of("friend" + number + "@localhost/phone");
    }

    private void count() {
        vertx.eventBus().addOutboundInterceptor(delivery -> {
            sent.incrementAndGet();
            delivery.next();
        });
    }

    /// That of the gateway, one to the owner of the friends with all that is for them, and two to the gateway: what the
    /// client itself gets in the turn of the change, and what the friends get in the next.
    @Test
    void aChangeOfPresenceForManyFriends() throws Exception {
        List<RosterItem> friends = new ArrayList<>();
        for (int i = 0; i < FRIENDS; i++) {
            friends.add(new RosterItem(friend(i).bare(), null, List.of(), RosterItem.Subscription.FROM, false, false));
        }
        services.rosters.put(ROMEO.bare(), friends);
        for (int i = 0; i < FRIENDS; i++) {
            services.available(friend(i), 10 + i);
        }
        ConnectionId romeo = services.bind(ROMEO.bare().toString(), "orchard", 1);
        services.send(FakeServices.stanza(romeo, ROMEO, 1, presence("chat")));
        presenceReachesAll();

        count();
        int least = Integer.MAX_VALUE;
        for (int number = 2; number <= CHANGES; number++) {
            int before = sent.get();
            services.send(FakeServices.stanza(romeo, ROMEO, number, presence(number % 2 == 0 ? "away" : "chat")));
            presenceReachesAll();
            least = Math.min(least, sent.get() - before);
        }
        assertThat(least).isLessThanOrEqualTo(4);
    }

    private static Stanza presence(String show) {
        return Stanza.presence(StanzaType.AVAILABLE, ROMEO, null, Element.text("show", Namespaces.CLIENT, show));
    }

    /// His friends and himself.
    private void presenceReachesAll() throws InterruptedException {
        for (int i = 0; i <= FRIENDS; i++) {
            assertThat(services.next(ConnectionEvent.Deliver.class).stanza().isPresence())
                    .isTrue();
        }
    }
}
