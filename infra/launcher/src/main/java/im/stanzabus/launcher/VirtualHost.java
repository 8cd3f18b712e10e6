package im.stanzabus.launcher;

import java.time.Duration;

/// A domain that this installation serves, with its policy.
///
/// @param domain in prepared form (RFC 7622 section 3.2)
/// @param anonymous SASL ANONYMOUS is offered
/// @param external SASL EXTERNAL with a client certificate is offered
/// @param registration unknown clients may create accounts (XEP-0077)
/// @param archive messages are kept after they were delivered (XEP-0313)
/// @param keepMessages how long messages are kept, delivered or not; zero for ever
public record VirtualHost(
        String domain,
        boolean anonymous,
        boolean external,
        boolean registration,
        boolean archive,
        Duration keepMessages) {
    private static final Duration ONE_YEAR = Duration.ofDays(365);

    /// A host with the default policy.
    public static VirtualHost of(String domain) {
        return new VirtualHost(domain, false, false, false, true, ONE_YEAR);
    }
}
