package im.stanzabus.launcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthTest {
    private final Vertx vertx = Vertx.vertx();
    private final Health health = new Health();

    @AfterEach
    void close() throws Exception {
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    private JsonObject readiness() throws Exception {
        return health.readiness().await(20, TimeUnit.SECONDS);
    }

    /// An orchestrator gives up after a second.
    @Test
    void aDatabaseThatHangsDoesNotHangTheAnswer() throws Exception {
        Promise<Void> never = ((ContextInternal) vertx.getOrCreateContext()).promise();
        health.database(never::future);
        health.service("c2s-gateway", true);
        health.phase(Health.Phase.READY);
        long begin = System.nanoTime();
        assertThat(readiness().getBoolean("ready")).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(950));
        never.complete();
    }

    @Test
    void aProcessThatIsCutOffOrNotWholeIsNotReady() throws Exception {
        Promise<Void> answers = ((ContextInternal) vertx.getOrCreateContext()).promise();
        answers.complete();
        health.database(answers::future);
        health.phase(Health.Phase.READY);
        health.service("c2s-gateway", false);
        assertThat(readiness().getString("status")).isEqualTo("degraded");
        assertThat(readiness().getBoolean("ready")).isFalse();
        health.service("c2s-gateway", true);
        assertThat(readiness().getString("status")).isEqualTo("ready");
        health.trouble(() -> "cut off");
        assertThat(readiness().getBoolean("ready")).isFalse();
        health.trouble(() -> null);
        health.phase(Health.Phase.STOPPING);
        assertThat(readiness().getBoolean("ready")).isFalse();
    }
}
