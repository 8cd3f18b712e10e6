package im.stanzabus.bus;

import static im.stanzabus.bus.testing.FakeMembership.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.bus.testing.FakeMembership;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How requests choose among processes, and what becomes of them when processes come and go. The other
/// processes are consumers of the same event bus.
@Timeout(30)
class BusMembersTest {
    private static final Purge QUESTION = new Purge(Jid.of("a@b"));

    private final Vertx vertx = Vertx.vertx();
    private final FakeMembership membership = new FakeMembership("n1");
    private final Bus bus = new Bus(vertx, membership);
    private final BlockingQueue<Message<Object>> asked = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() throws Exception {
        get(vertx.close());
    }

    @Test
    void theOwnProcessIsAskedFirst() throws Exception {
        other("x@n2");
        membership.others(member("n2", "x"));
        get(bus.serve("x", Purge.class, _ -> Future.succeededFuture(Done.DONE)).completion());
        for (int i = 0; i < 10; i++) {
            assertThat(get(bus.request("x", QUESTION, Done.class))).isEqualTo(Done.DONE);
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void othersAreAskedInTurn() throws Exception {
        other("x@n2");
        other("x@n3");
        membership.others(member("n2", "x"), member("n3", "x"));
        for (int i = 0; i < 4; i++) {
            bus.request("x", QUESTION, Done.class);
        }
        assertThat(java.util.List.of(take().address(), take().address(), take().address(), take().address()))
                .containsExactlyInAnyOrder("x@n2", "x@n2", "x@n3", "x@n3");
    }

    @Test
    void whenTheAskedProcessDiesAnotherIsAsked() throws Exception {
        other("x@n2");
        other("x@n3");
        membership.others(member("n2", "x"), member("n3", "x"));
        Future<Done> answer = bus.request("x", QUESTION, Done.class);
        String dead = take().address();
        membership.others(dead.equals("x@n2") ? member("n3", "x") : member("n2", "x"));
        Message<Object> again = take();
        assertThat(again.address()).isNotEqualTo(dead);
        again.reply(Done.DONE, new DeliveryOptions().setCodecName(RecordCodec.NAME));
        assertThat(get(answer)).isEqualTo(Done.DONE);
    }

    /// It may have ended before the question came: then nobody answers.
    @Test
    void whenTheAskedProcessTakesTheNameBackAndDoesNotAnswerAnotherIsAsked() throws Exception {
        other("x@n2");
        other("x@n3");
        membership.others(member("n2", "x"), member("n3", "x"));
        Future<Done> answer = bus.request("x", QUESTION, Done.class);
        String ended = take().address();
        membership.others(
                ended.equals("x@n2") ? member("n2") : member("n2", "x"),
                ended.equals("x@n3") ? member("n3") : member("n3", "x"));
        Message<Object> again = take();
        assertThat(again.address()).isNotEqualTo(ended);
        again.reply(Done.DONE, new DeliveryOptions().setCodecName(RecordCodec.NAME));
        assertThat(get(answer)).isEqualTo(Done.DONE);
    }

    @Test
    void aProcessThatTakesTheNameBackMayStillAnswer() throws Exception {
        other("x@n2");
        membership.others(member("n2", "x"));
        Future<Done> answer = bus.request("x", QUESTION, Done.class);
        Message<Object> question = take();
        membership.others(member("n2"));
        question.reply(Done.DONE, new DeliveryOptions().setCodecName(RecordCodec.NAME));
        assertThat(get(answer)).isEqualTo(Done.DONE);
    }

    /// State is confined to contexts: an answer on another thread would tear it.
    @Test
    void whoeverAskedHearsOfADeathWhereItAsked() throws Exception {
        other("x@n2");
        membership.others(member("n2", "x"));
        Context context = vertx.getOrCreateContext();
        CompletableFuture<Context> heard = new CompletableFuture<>();
        context.runOnContext(_ ->
                bus.requestAt("x@n2", QUESTION, Done.class).onComplete(_ -> heard.complete(Vertx.currentContext())));
        take();
        membership.others();
        assertThat(heard.get(10, TimeUnit.SECONDS)).isSameAs(context);
    }

    @Test
    void whenTheLastProcessDiesTheRequestFailsAtOnceAndMayBeTriedAgainLater() throws Exception {
        other("x@n2");
        membership.others(member("n2", "x"));
        Future<Done> answer = bus.request("x", QUESTION, Done.class);
        take();
        membership.others();
        assertThatThrownBy(() -> get(answer))
                .cause()
                .isInstanceOfSatisfying(
                        BusFailure.class,
                        failure -> assertThat(failure.error().type()).isEqualTo(StanzaError.Type.WAIT));
    }

    @Test
    void aRequestToAProcessThatIsNotThereFailsAtOnce() {
        assertThatThrownBy(() -> get(bus.requestAt("x@n9", QUESTION, Done.class)))
                .hasCauseInstanceOf(BusFailure.class);
    }

    @Test
    void aMessageToAnyGoesNowhereWhenNobodyServes() throws Exception {
        assertThat(bus.sendToAny("x", QUESTION)).isFalse();
        other("x@n2");
        membership.others(member("n2", "x"));
        assertThat(bus.sendToAny("x", QUESTION)).isTrue();
        assertThat(take().body()).isEqualTo(QUESTION);
    }

    @Test
    void whatIsBeingWorkedOnWhenASubscriptionEndsIsAnswered() throws Exception {
        other("x@n2");
        membership.others(member("n2", "x"));
        BlockingQueue<Promise<Done>> begun = new LinkedBlockingQueue<>();
        Subscription subscription = bus.serve("x", Purge.class, _ -> {
            Promise<Done> promise = Promise.promise();
            begun.add(promise);
            return promise.future();
        });
        get(subscription.completion());
        Future<Done> answer = bus.request("x", QUESTION, Done.class);
        Promise<Done> work = begun.poll(10, TimeUnit.SECONDS);
        assertThat(work).isNotNull();
        Future<Void> ended = subscription.unregister();

        bus.request("x", QUESTION, Done.class);
        assertThat(take().address()).isEqualTo("x@n2");
        assertThat(begun).isEmpty();
        assertThat(ended.isComplete()).isFalse();

        work.complete(Done.DONE);
        assertThat(get(answer)).isEqualTo(Done.DONE);
        get(ended);
        assertThatThrownBy(() -> get(bus.requestAt("x@n1", QUESTION, Done.class)))
                .hasCauseInstanceOf(MemberLost.class);
    }

    @Test
    void whatWaitsForTheThreadOfASubscriptionThatEndsIsAnswered() throws Exception {
        Vertx later = Vertx.vertx();
        CountDownLatch busy = new CountDownLatch(1);
        Context context = vertx.getOrCreateContext();
        Subscription subscription = bus.serve("x", Purge.class, _ -> Future.succeededFuture(Done.DONE));
        get(subscription.completion());
        context.runOnContext(_ -> {
            try {
                busy.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Future<Done> answer = bus.request("x", QUESTION, Done.class);
        // From another thread, so that its timer is not behind what keeps the handler's thread busy.
        Future<Void> ended =
                CompletableFuture.supplyAsync(subscription::unregister).get(10, TimeUnit.SECONDS);
        get(later.timer(300).onComplete(_ -> later.close()));
        busy.countDown();
        assertThat(get(answer)).isEqualTo(Done.DONE);
        get(ended);
    }

    /// Another process, which leaves what it is asked to the test.
    private void other(String address) throws Exception {
        get(vertx.eventBus().consumer(address, asked::add).completion());
    }

    private Message<Object> take() throws InterruptedException {
        Message<Object> message = asked.poll(10, TimeUnit.SECONDS);
        assertThat(message).isNotNull();
        return message;
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
