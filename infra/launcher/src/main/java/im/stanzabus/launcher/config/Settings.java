package im.stanzabus.launcher.config;

import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// One section of the configuration. A value that is missing is the default; a value that is wrong is noted
/// with its line for the report at the end of reading, and the default is returned so that reading goes on.
/// A key that nobody reads is an error. Used while starting, by one thread.
///
/// Every key can be overridden by an environment variable: `c2s.direct-tls.port` by
/// `STANZABUS_C2S_DIRECT_TLS_PORT`.
public interface Settings {
    /// A section inside this one; empty if it is not there.
    Settings section(String key);

    /// The entries of a list of sections, such as the virtual hosts.
    List<Settings> sections(String key);

    String text(String key, String defaultValue);

    /// A domain, prepared to be compared with those of addresses (RFC 7622 section 3.2).
    ///
    /// @param defaultValue a prepared domain, or empty
    default String domain(String key, String defaultValue) {
        String written = text(key, defaultValue);
        if (written.equals(defaultValue)) {
            return defaultValue;
        }
        try {
            return Jid.prepared(null, written, null).domain();
        } catch (JidSyntaxException e) {
            error(key, "'" + written + "' is not a domain: " + e.getMessage());
            return defaultValue;
        }
    }

    /// A whole number within bounds, both included.
    int number(String key, int defaultValue, int min, int max);

    boolean flag(String key, boolean defaultValue);

    /// A time such as `30 s`, `5 min`, `2 h`, `14 d`, `200 ms`.
    Duration duration(String key, Duration defaultValue);

    /// A number of bytes such as `10000`, `256 KiB`, `4 MiB`.
    int bytes(String key, int defaultValue, int min, int max);

    /// One of the words of an enum, written in lower case with hyphens.
    <E extends Enum<E>> E choice(String key, E defaultValue);

    List<String> list(String key, List<String> defaultValue);

    /// A file or folder; relative ones are meant from the folder of the configuration file.
    Path path(String key, Path defaultValue);

    /// A secret: the value of `key`, or the first line of the file that `key-file` names.
    String secret(String key, String defaultValue);

    /// Notes an error about a key for the report, such as two values that do not fit together.
    void error(String key, String message);

    /// Where the value of a key comes from.
    ConfigPlace place(String key);
}
