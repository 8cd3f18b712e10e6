package im.stanzabus.processor.loading;

/// Reads the settings of one processor, wherever they are written.
public interface SettingReader {
    /// The value of a setting.
    String text(String setting, String defaultValue);

    /// Notes a mistake in a setting.
    void error(String setting, String message);
}
