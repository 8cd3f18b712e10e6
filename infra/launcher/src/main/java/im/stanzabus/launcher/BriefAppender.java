package im.stanzabus.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.LinkedHashMap;
import java.util.Map;

/// Passes warnings on in one line, the reason in place of its trace, and each of them once a minute at
/// most. Errors are passed on as they are.
final class BriefAppender extends AppenderBase<ILoggingEvent> {
    private static final long REPEAT_MILLIS = 60_000;
    private static final int REMEMBERED = 256;

    private final LoggerContext loggers;
    private final Appender<ILoggingEvent> target;
    private final Map<String, Long> said = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    BriefAppender(LoggerContext loggers, Appender<ILoggingEvent> target) {
        this.loggers = loggers;
        this.target = target;
        setContext(loggers);
        setName("brief");
    }

    /// Called by one thread at a time.
    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
            target.doAppend(event);
            return;
        }
        String line = line(event);
        Long before = said.get(line);
        if (before == null || event.getTimeStamp() - before >= REPEAT_MILLIS) {
            said.remove(line);
            said.put(line, event.getTimeStamp());
            LoggingEvent brief = new LoggingEvent(
                    BriefAppender.class.getName(),
                    loggers.getLogger(event.getLoggerName()),
                    event.getLevel(),
                    line,
                    null,
                    null);
            brief.setInstant(event.getInstant());
            brief.setThreadName(event.getThreadName());
            target.doAppend(brief);
        }
    }

    private static String line(ILoggingEvent event) {
        IThrowableProxy reason = event.getThrowableProxy();
        if (reason == null) {
            return event.getFormattedMessage();
        }
        String words = reason.getMessage();
        return event.getFormattedMessage() + ": " + (words == null ? reason.getClassName() : words);
    }
}
