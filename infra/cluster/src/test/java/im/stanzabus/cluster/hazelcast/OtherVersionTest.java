package im.stanzabus.cluster.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.RecordCodec;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.eventbus.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A process of this version and one of another on a real bus: what the one does not know of the other
/// hurts nobody but the message itself.
@Timeout(60)
class OtherVersionTest {
    private static final Jid ROMEO = Jid.of("romeo@localhost");

    /// Messages about this account differ.
    private static final Jid FUTURE = Jid.of("future@localhost");

    /// Far less than the time after which a question without an answer fails.
    private static final long AT_ONCE_SECONDS = 5;

    /// How what is sent differs from what is known here.
    enum Difference {
        A_RECORD_OF_ANOTHER_NAME,
        ANOTHER_FORMAT
    }

    private HazelcastMembership here;
    private HazelcastMembership there;
    private Bus bus;
    private Vertx other;

    @BeforeEach
    void join() throws Exception {
        SeededCluster cluster = SeededCluster.onAFreePort();
        here = cluster.first("here", "1.0");
        there = cluster.another("there", "2.0");
        bus = new Bus(vertx(here), here);
        other = vertx(there);
        await().until(() -> here.view().has(new NodeId("there")));
    }

    @AfterEach
    void leave() throws Exception {
        get(other.close());
        get(bus.vertx().close());
        here.die();
        there.die();
    }

    private static Vertx vertx(HazelcastMembership membership) throws Exception {
        return get(Vertx.builder()
                .with(new VertxOptions()
                        .setEventBusOptions(new EventBusOptions()
                                .setHost("127.0.0.1")
                                .setClusterPublicHost(membership.publicHost())))
                .withClusterManager(membership.clusterManager())
                .buildClustered());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /// Writes as the other version does: questions about one account differ, and answers while that is
    /// wished.
    private static final class OtherCodec implements MessageCodec<BusMessage, BusMessage> {
        private final RecordCodec codec = new RecordCodec();
        private final Difference difference;
        private final AtomicBoolean answersDiffer = new AtomicBoolean();

        OtherCodec(Difference difference) {
            this.difference = difference;
        }

        @Override
        public void encodeToWire(Buffer buffer, BusMessage message) {
            Buffer written = Buffer.buffer();
            codec.encodeToWire(written, message);
            boolean differs = message instanceof Purge purge ? purge.account().equals(FUTURE) : answersDiffer.get();
            buffer.appendBuffer(differs ? changed(written, message.getClass().getSimpleName()) : written);
        }

        private Buffer changed(Buffer written, String name) {
            if (difference == Difference.ANOTHER_FORMAT) {
                return written.setByte(0, (byte) 99);
            }
            String text = written.toString(StandardCharsets.ISO_8859_1);
            assertThat(text).contains(name);
            return Buffer.buffer(text.replace(name, 'X' + name.substring(1)), "ISO-8859-1");
        }

        @Override
        public BusMessage decodeFromWire(int position, Buffer buffer) {
            return codec.decodeFromWire(position, buffer);
        }

        @Override
        public BusMessage transform(BusMessage message) {
            return message;
        }

        @Override
        public String name() {
            return codec.name();
        }

        @Override
        public byte systemCodecID() {
            return codec.systemCodecID();
        }
    }

    private DeliveryOptions speaking(OtherCodec codec) {
        other.eventBus().registerCodec(codec);
        return new DeliveryOptions().setCodecName(codec.name());
    }

    @ParameterizedTest
    @EnumSource
    void aQuestionThatIsNotKnownIsRefusedAtOnceAndTheNextIsAnswered(Difference difference) throws Exception {
        get(bus.serve("purge", Purge.class, _ -> Future.succeededFuture(Done.DONE))
                .completion());
        await().until(() -> !there.view().serving("purge").isEmpty());
        DeliveryOptions options = speaking(new OtherCodec(difference));

        assertThatThrownBy(() -> other.eventBus()
                        .request("purge@here", new Purge(FUTURE), options)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(AT_ONCE_SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("INTERNAL_SERVER_ERROR");
        assertThat(get(other.eventBus().request("purge@here", new Purge(ROMEO), options))
                        .body())
                .isEqualTo(Done.DONE);
    }

    @ParameterizedTest
    @EnumSource
    void aMessageThatIsNotKnownIsDroppedAndTheNextArrives(Difference difference) throws Exception {
        List<Purge> arrived = new CopyOnWriteArrayList<>();
        get(bus.consume("purge", Purge.class, arrived::add).completion());
        await().until(() -> !there.view().serving("purge").isEmpty());
        DeliveryOptions options = speaking(new OtherCodec(difference));

        other.eventBus().send("purge@here", new Purge(FUTURE), options);
        other.eventBus().send("purge@here", new Purge(ROMEO), options);

        await().until(() -> !arrived.isEmpty());
        assertThat(arrived).containsExactly(new Purge(ROMEO));
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerThatIsNotKnownFailsTheQuestionAtOnce(Difference difference) throws Exception {
        OtherCodec codec = new OtherCodec(difference);
        DeliveryOptions options = speaking(codec);
        get(other.eventBus()
                .consumer("purge@there", message -> message.reply(Done.DONE, options))
                .completion());
        there.offer("purge");
        await().until(() -> !here.view().serving("purge").isEmpty());

        codec.answersDiffer.set(true);
        assertThatThrownBy(() -> bus.request("purge", new Purge(ROMEO), Done.class)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(AT_ONCE_SECONDS, TimeUnit.SECONDS))
                .hasCauseInstanceOf(BusFailure.class);
        codec.answersDiffer.set(false);
        assertThat(get(bus.request("purge", new Purge(ROMEO), Done.class))).isEqualTo(Done.DONE);
    }

    @Test
    void theVersionOfEachProcessIsKnown() {
        assertThat(here.view().members()).extracting(member -> member.version()).containsExactly("1.0", "2.0");
        assertThat(there.view().members())
                .extracting(member -> member.version())
                .containsExactly("1.0", "2.0");
    }
}
