package im.stanzabus.launcher;

import java.util.Map;

/// A running service that listens on ports implements this too, so that the actual ports can be shown and
/// tests can configure port 0.
public interface Listening {
    /// The ports in use, each by the key of the service's section that configures it, such as `port` or
    /// `direct-tls.port`. Constant while the service runs.
    Map<String, Integer> ports();
}
