package im.stanzabus.session;

import static im.stanzabus.session.FakeServices.await;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.bus.api.LogRequest.ArchivePreference;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeliveredMarksTest {
    private final List<LogRequest> asked = new CopyOnWriteArrayList<>();
    private volatile Promise<BusMessage> answer = Promise.promise();
    private Vertx vertx;
    private Context context;
    private DeliveredMarks marks;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        context = vertx.getOrCreateContext();
        Bus bus = new Bus(vertx, new StagedMembership(FakeServices.NODE));
        bus.serve(Addresses.LOG, LogRequest.class, request -> {
            asked.add(request);
            return answer.future();
        });
        marks = new DeliveredMarks(bus);
    }

    @AfterEach
    void stop() throws Exception {
        FakeServices.get(vertx.close());
    }

    @Test
    void aSlowLogIsNotAskedMoreAndMore() throws Exception {
        Account account = behind("juliet@localhost");
        for (int i = 0; i < 5; i++) {
            inTurn(() -> {
                marks.moved(account);
                marks.flush();
            });
        }
        await(() -> !asked.isEmpty());
        Promise<BusMessage> first = answer;
        answer = Promise.promise();
        inTurn(() -> confirm(account));
        first.complete(Done.DONE);
        await(() -> {
            inTurn(() -> {
                marks.moved(account);
                marks.flush();
            });
            return asked.size() > 1;
        });
        assertThat(asked)
                .containsExactly(
                        new LogRequest.MarkDelivered(List.of(new LogRequest.Mark(account.jid(), 1, 1))),
                        new LogRequest.MarkDelivered(List.of(new LogRequest.Mark(account.jid(), 2, 1))));
    }

    @Test
    void whatIsSomebodyElsesMeanwhileIsNotToldAgain() throws Exception {
        Account kept = behind("juliet@localhost");
        Account lost = behind("romeo@localhost");
        inTurn(() -> {
            marks.moved(kept);
            marks.moved(lost);
            marks.flush();
        });
        await(() -> asked.size() == 1);
        Promise<BusMessage> first = answer;
        answer = Promise.promise();
        inTurn(lost::drop);
        first.fail(new BusFailure(StanzaError.of(StanzaError.Condition.RESOURCE_CONSTRAINT), "away"));
        await(() -> {
            inTurn(marks::flush);
            return asked.size() > 1;
        });
        assertThat(asked.getLast())
                .isEqualTo(new LogRequest.MarkDelivered(List.of(new LogRequest.Mark(kept.jid(), 1, 1))));
        inTurn(() -> marks.moved(lost));
        answer.complete(Done.DONE);
        await(() -> !kept.log.isMarkBehind());
        inTurn(marks::flush);
        assertThat(asked).hasSize(2);
    }

    private static Account behind(String jid) {
        Account account = new Account(Jid.of(jid));
        account.log.open(
                1,
                new LogRequest.Standing(false, 0, 0, 0, 100, ArchivePreference.ALWAYS, List.of(), List.of()),
                List.of());
        confirm(account);
        return account;
    }

    private static void confirm(Account account) {
        long id = account.log.nextId();
        account.log.handed(id, new Outbound());
        account.log.confirmed(id);
    }

    private void inTurn(Runnable what) throws Exception {
        Promise<Void> done = Promise.promise();
        context.runOnContext(_ -> {
            what.run();
            done.complete();
        });
        FakeServices.get(done.future());
    }
}
