package im.stanzabus.processor.loading;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class WatchTest {
    private static final long SECOND = 1_000_000_000L;

    private final ListAppender<ILoggingEvent> written = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Watch.class);
    private final AtomicLong now = new AtomicLong(-5 * SECOND);
    private final Watch watch = new Watch("slow-one", now::get);

    @BeforeEach
    void listen() {
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
        written.start();
        logger.addAppender(written);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(written);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    private List<String> lines(Level level) {
        return written.list.stream()
                .filter(event -> event.getLevel() == level)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private String takes(long nanos) {
        return watch.call("before", () -> {
            now.addAndGet(nanos);
            return "done";
        });
    }

    @Test
    void whatIsFastIsNotWorthALine() {
        assertThat(takes(Watch.SLOW_NANOS)).isEqualTo("done");
        assertThat(written.list).isEmpty();
    }

    @Test
    void whatTakesLongIsNamedOnceInTenSeconds() {
        assertThat(takes(Watch.SLOW_NANOS + 1)).isEqualTo("done");
        takes(SECOND);
        takes(SECOND);
        now.addAndGet(8 * SECOND);
        takes(SECOND);

        assertThat(lines(Level.WARN))
                .containsExactly(
                        "processor slow-one has kept an event loop for 10 ms (before); 0 other times since the last line",
                        "processor slow-one has kept an event loop for 1000 ms (before); 2 other times since the last line");
    }

    @Test
    void aFaultIsNamedWithItsTraceOnceInTenSeconds() {
        for (int i = 0; i < 3; i++) {
            String value = watch.call("after", () -> {
                throw new IllegalStateException("no");
            });
            assertThat(value).isNull();
        }
        now.addAndGet(10 * SECOND);
        watch.misbehaved("outgoing", "wanted to drop an IQ");

        assertThat(lines(Level.ERROR))
                .containsExactly(
                        "processor slow-one failed (after); 0 other faults since the last line",
                        "processor slow-one wanted to drop an IQ (outgoing); 2 other faults since the last line");
        assertThat(written.list.getFirst().getThrowableProxy().getMessage()).isEqualTo("no");
    }
}
