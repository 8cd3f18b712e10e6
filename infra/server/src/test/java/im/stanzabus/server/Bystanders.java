package im.stanzabus.server;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.TestClient;

/// Two people who have been connected all the time while others do harm, and go on talking.
final class Bystanders {
    /// A server with small limits, which all attacks are tried on.
    static final String SETTINGS = """
            c2s-gateway:
              host: 127.0.0.1
              port: 0
              direct-tls: {port: 0}
              limits: {stanza-bytes: 65536, outgoing-bytes: 1 MiB}
              timeouts: {close: 1 s}
            """;

    private final TestClient rosencrantz;
    private final TestClient guildenstern;

    Bystanders(Scene scene) {
        rosencrantz = scene.online("rosencrantz");
        guildenstern = scene.online("guildenstern");
    }

    /// One line each way, and nothing else.
    void talk() {
        says(rosencrantz, guildenstern, guildenstern.jid(), "Heads");
        says(guildenstern, rosencrantz, rosencrantz.bareJid(), "Again");
        rosencrantz.receivesNothing();
        guildenstern.receivesNothing();
    }

    private static void says(TestClient speaker, TestClient listener, String to, String text) {
        String body = "<body>" + text + "</body></message>";
        speaker.sends("<message type='chat' id='coin' to='" + to + "'>" + body);
        listener.receives("<message type='chat' id='coin' from='" + speaker.jid() + "'>" + body);
    }
}
