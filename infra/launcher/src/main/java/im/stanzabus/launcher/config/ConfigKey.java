package im.stanzabus.launcher.config;

/// A key that was read, whether or not the file has it. The list of them is what the sample file and the
/// reference page are checked against.
///
/// @param path the full key; entries of a list of sections are written `hosts[].domain`
/// @param type what the value must be, such as `a whole number from 1 to 65535`
/// @param defaultText the default as it would be written in the file
/// @param valueText the value in force, written like the default; secrets are left out of both
public record ConfigKey(String path, String type, String defaultText, String valueText) {
    /// The environment variable that overrides it; entries of a list of sections have their index in it.
    public String variable() {
        return Environment.nameOf(path.replace("[]", "[n]"));
    }

    /// True for the number of a port to listen on.
    public boolean isPort() {
        return type.startsWith("a whole number") && (path.endsWith(".port") || path.endsWith("-port"));
    }
}
