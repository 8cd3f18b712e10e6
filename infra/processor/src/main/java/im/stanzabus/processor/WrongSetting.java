package im.stanzabus.processor;

/// A setting of a processor has a value that makes no sense. Told to the operator in one line
/// with the place in the configuration.
public final class WrongSetting extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String setting;

    /// @param setting its name, as the descriptor has it
    /// @param message what it must be, such as `must be a whole number, not 'many'`
    public WrongSetting(String setting, String message) {
        super(message, null, false, false);
        this.setting = setting;
    }

    /// The name of the setting.
    public String setting() {
        return setting;
    }
}
