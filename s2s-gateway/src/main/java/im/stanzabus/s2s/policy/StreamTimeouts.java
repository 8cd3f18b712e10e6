package im.stanzabus.s2s.policy;

import im.stanzabus.launcher.config.Settings;
import java.time.Duration;

/// How long is waited.
///
/// @param connect for a connection to one address
/// @param handshake for a TLS handshake
/// @param authentication from the start of a connection until its first domains are authorized
/// @param dialback for what a server says to a key
/// @param idle without a stanza in either direction until a stream is ended; zero for never
/// @param keepAlive without a byte in either direction until the peer is asked what it has (XEP-0198), or,
///     where it does not do that, a blank is written; zero for never
/// @param answer for the peer's answer to that, and for its acknowledgements; and how long it may take nothing of
///     what is sent to it
/// @param close for the peer to close its side at the end of a stream
public record StreamTimeouts(
        Duration connect,
        Duration handshake,
        Duration authentication,
        Duration dialback,
        Duration idle,
        Duration keepAlive,
        Duration answer,
        Duration close) {
    public static StreamTimeouts read(Settings settings) {
        StreamTimeouts read = new StreamTimeouts(
                Times.positive(settings, "connect", Duration.ofSeconds(10)),
                Times.positive(settings, "handshake", Duration.ofSeconds(10)),
                Times.positive(settings, "authentication", Duration.ofSeconds(60)),
                Times.positive(settings, "dialback", Duration.ofSeconds(20)),
                settings.duration("idle", Duration.ofMinutes(10)),
                settings.duration("keep-alive", Duration.ofMinutes(2)),
                Times.positive(settings, "answer", Duration.ofSeconds(30)),
                settings.duration("close", Duration.ofSeconds(2)));
        if (!read.idle().isZero() && read.keepAlive().compareTo(read.idle()) >= 0) {
            settings.error("keep-alive", "must be less than idle, after which the stream is ended");
        }
        return read;
    }

    /// How long TCP waits for a host that confirms nothing of what was sent to it (RFC 5482), in
    /// milliseconds.
    public int tcpMillis() {
        return (int) Math.min(answer.toMillis(), Integer.MAX_VALUE);
    }
}
