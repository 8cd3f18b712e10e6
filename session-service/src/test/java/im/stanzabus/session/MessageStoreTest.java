package im.stanzabus.session;

import static im.stanzabus.session.FakeServices.await;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.LocalMembership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.bus.api.LogRequest.Outcome;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// In which order entries reach the log, and in how many requests.
@Timeout(30)
class MessageStoreTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx, new LocalMembership(new NodeId("n1"), "test"));
    private final Context context = vertx.getOrCreateContext();
    private final MessageStore store = new MessageStore(bus, context, _ -> {});
    private final Instance first = new Instance();
    private final Instance second = new Instance();

    /// What is committed, in its order, whichever instance has written it.
    private final List<LogRequest.Entry> committed = new CopyOnWriteArrayList<>();

    private final List<Long> told = new CopyOnWriteArrayList<>();

    /// An instance of the log; the bus asks them in turn.
    private final class Instance {
        private final List<LogRequest.Append> asked = new CopyOnWriteArrayList<>();
        private volatile Promise<Void> gate = passed();

        Future<LogRequest.Appended> append(LogRequest.Append append) {
            asked.add(append);
            return gate.future().map(_ -> {
                committed.addAll(append.entries());
                return new LogRequest.Appended(
                        Collections.nCopies(append.entries().size(), Outcome.KEPT));
            });
        }

        private static Promise<Void> passed() {
            Promise<Void> passed = Promise.promise();
            passed.complete();
            return passed;
        }
    }

    @BeforeEach
    void start() {
        context.runOnContext(_ -> {
            bus.serve(Addresses.LOG, LogRequest.Append.class, first::append);
            bus.serve(Addresses.LOG, LogRequest.Append.class, second::append);
        });
    }

    @AfterEach
    void stop() throws Exception {
        FakeServices.get(vertx.close());
    }

    private void append(Account account, long... ids) {
        append(List.of(account), ids);
    }

    /// In one turn.
    private void append(List<Account> accounts, long... ids) {
        context.runOnContext(_ -> {
            for (Account account : accounts) {
                for (long id : ids) {
                    store.append(account, entry(account.jid(), id), _ -> told.add(id));
                }
            }
        });
    }

    private static LogRequest.Entry entry(Jid owner, long id) {
        return new LogRequest.Entry(
                owner,
                1,
                id,
                Instant.now(),
                owner,
                LogRequest.Direction.RECEIVED,
                true,
                new Origin(1, id),
                false,
                0,
                Stanza.message(StanzaType.CHAT, owner, owner));
    }

    private static Account account(String name) {
        return new Account(Jid.of(name + "@localhost"));
    }

    private List<Long> committed(Account account) {
        return committed.stream()
                .filter(entry -> entry.owner().equals(account.jid()))
                .map(LogRequest.Entry::id)
                .toList();
    }

    @Test
    void whatComesAFewTurnsLaterGoesWithIt() {
        context.runOnContext(_ -> {
            append(account("romeo"), 1);
            context.runOnContext(_ -> append(account("juliet"), 2));
        });
        await(() -> told.size() == 2);
        assertThat(Stream.concat(first.asked.stream(), second.asked.stream())).hasSize(1);
    }

    @Test
    void aSlowInstanceIsNotOvertakenByAnotherOne() throws Exception {
        Account juliet = account("juliet");
        first.gate = Promise.promise();
        append(juliet, 1);
        await(() -> first.asked.size() + second.asked.size() == 1);
        assertThat(first.asked).as("the slow one is asked first").hasSize(1);
        append(juliet, 2);
        Account romeo = account("romeo");
        append(romeo, 7);
        await(() -> committed(romeo).equals(List.of(7L)));
        assertThat(committed(juliet))
                .as("nothing lies before what is not there yet")
                .isEmpty();
        append(juliet, 3);

        first.gate.complete();
        await(() -> told.size() == 4);
        assertThat(committed(juliet)).containsExactly(1L, 2L, 3L);
        assertThat(told).containsExactly(7L, 1L, 2L, 3L);
        assertThat(store.size()).isZero();
    }

    @Test
    void whatComesWhileARequestIsUnderWayGoesTogether() throws Exception {
        List<Account> busy =
                IntStream.range(0, 100).mapToObj(i -> account("u" + i)).toList();
        first.gate = Promise.promise();
        second.gate = first.gate;
        for (long id = 1; id <= 50; id++) {
            append(busy, id);
        }
        await(() -> store.size() == 5_000);
        Account other = account("other");
        append(other, 1);
        await(() -> first.asked.size() + second.asked.size() >= 2);
        assertThat(asked())
                .flatExtracting(LogRequest.Append::entries)
                .as("another account's entries are under way beside them")
                .anyMatch(entry -> entry.owner().equals(other.jid()));

        first.gate.complete();
        await(() -> told.size() == 5_001);
        assertThat(asked().size()).as("requests for 5 001 entries").isLessThanOrEqualTo(15);
        for (Account account : busy) {
            assertThat(committed(account))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 50).boxed().toList());
        }
    }

    private List<LogRequest.Append> asked() {
        return Stream.concat(first.asked.stream(), second.asked.stream()).toList();
    }

    @Test
    void aFloodOfOneAccountIsDividedAndStaysInOrder() throws Exception {
        Account juliet = account("juliet");
        append(juliet, LongStream.rangeClosed(1, 2_000).toArray());
        await(() -> told.size() == 2_000);
        assertThat(asked()).hasSize(4).allMatch(request -> request.entries().size() == 500);
        assertThat(committed(juliet))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 2_000).boxed().toList());
    }

    @Test
    void whatWaitsForALostAccountIsGivenUp() throws Exception {
        Account juliet = account("juliet");
        first.gate = Promise.promise();
        append(juliet, 1);
        await(() -> first.asked.size() == 1);
        append(juliet, 2);
        context.runOnContext(_ -> juliet.drop());
        first.gate.complete();
        await(() -> store.size() == 0);
        assertThat(told).isEmpty();
        assertThat(committed(juliet)).as("what was not asked yet is not").containsExactly(1L);
        assertThat(juliet.log.appending()).isZero();
    }
}
