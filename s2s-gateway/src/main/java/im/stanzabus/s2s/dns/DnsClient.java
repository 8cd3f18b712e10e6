package im.stanzabus.s2s.dns;

import io.vertx.core.Future;

/// Asks name servers. Confined to its context.
interface DnsClient {
    /// The records of a name. That there are none is an answer; fails with {@link DnsFailure} if there is no
    /// answer.
    ///
    /// @param name in ASCII, without the dot at its end
    Future<Answer> ask(String name, RecordType type);
}
