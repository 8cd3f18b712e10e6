package im.stanzabus.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StopSequenceTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final StopSequence stops = new StopSequence();
    private final List<String> stopped = new ArrayList<>();

    private void add(String name) {
        stops.add(name, LONG, StopSequence.blocking(() -> stopped.add(name)));
    }

    @Test
    void stopsTheLastFirst() {
        add("database");
        add("services");
        add("gateways");

        stops.run();

        assertThat(stopped).containsExactly("gateways", "services", "database");
    }

    @Test
    void whatHangsOrFailsKeepsNothingElseRunning() {
        Promise<Void> never = Promise.promise();
        add("database");
        stops.add("hangs", Duration.ofMillis(10), never::future);
        add("services");
        stops.add("fails", LONG, () -> Future.failedFuture("broken"));
        stops.add("throws", LONG, () -> {
            throw new IllegalStateException("broken");
        });
        add("gateways");

        stops.run();

        assertThat(stopped).containsExactly("gateways", "services", "database");
    }

    @Test
    void stopsOnlyOnce() {
        add("database");

        stops.run();
        stops.run();

        assertThat(stopped).containsExactly("database");
    }
}
