package im.stanzabus.launcher;

import im.stanzabus.launcher.config.Settings;

/// How log lines look and which are written.
public record LogConfig(Format format, Level level) {
    /// How a log line looks.
    public enum Format {
        TEXT,
        JSON
    }

    /// The least important lines that are written.
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    static LogConfig read(Settings settings) {
        return new LogConfig(settings.choice("format", Format.TEXT), settings.choice("level", Level.INFO));
    }
}
