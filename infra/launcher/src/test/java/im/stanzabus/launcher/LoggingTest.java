package im.stanzabus.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LoggingTest {
    private final LoggerContext context = new LoggerContext();

    private String line(LogConfig.Format format, String message, Throwable failure) {
        Logger logger = context.getLogger("im.stanzabus.c2s.Stream");
        LoggingEvent event = new LoggingEvent("caller", logger, Level.INFO, message, failure, null);
        return new String(Logging.encoder(context, format).encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void aTextLineHasTimeLevelSourceAndMessage() {
        assertThat(line(LogConfig.Format.TEXT, "stream 7 of romeo@localhost", null))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d) INFO  Stream - "
                        + "stream 7 of romeo@localhost\n");
    }

    @Test
    void whatClientsSendCannotForgeLines() {
        String line = line(LogConfig.Format.TEXT, "a\r\n2026-01-01 ERROR b\u001b[31m\u0000\u007f\tc", null);

        assertThat(line).hasLineCount(1).endsWith(" - a  2026-01-01 ERROR b [31m  \tc\n");
    }

    @Test
    void aFaultHasItsTrace() {
        assertThat(line(LogConfig.Format.TEXT, "failed", new IllegalStateException("why")))
                .contains("IllegalStateException: why\n\tat im.stanzabus.launcher.LoggingTest");
    }

    @Test
    void aJsonLineIsOneObject() {
        String line = line(LogConfig.Format.JSON, "a \"b\"\nc", null);

        assertThat(line).hasLineCount(1);
        JsonObject event = new JsonObject(line);
        assertThat(event.getString("level")).isEqualTo("INFO");
        assertThat(event.getString("loggerName")).isEqualTo("im.stanzabus.c2s.Stream");
        assertThat(event.getString("formattedMessage")).isEqualTo("a \"b\"\nc");
        assertThat(event.getLong("timestamp")).isPositive();
    }

    @Test
    void librariesAreQuietUntilTheyWarn() {
        LoggerContext own = (LoggerContext) LoggerFactory.getILoggerFactory();

        for (String name : new String[] {"io.netty", "io.vertx", "org.flywaydb", "io.zonky", "org.postgresql"}) {
            assertThat(own.getLogger(name).isInfoEnabled()).as(name).isFalse();
            assertThat(own.getLogger(name).isWarnEnabled()).as(name).isTrue();
        }
    }
}
