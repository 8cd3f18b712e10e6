package im.stanzabus.bench.link;

import im.stanzabus.testkit.peer.OpenNetwork;
import im.stanzabus.testkit.peer.PeerServer;
import im.stanzabus.testkit.peer.PeerSettings;
import im.stanzabus.testkit.peer.PeerSettings.Feature;
import im.stanzabus.testkit.peer.PeerSettings.Proof;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The servers that are measured. All show a certificate of the network's authority, use TLS and keep no archive.
enum Kind {
    STANZABUS("Stanzabus") {
        @Override
        Started start(Path home, OpenNetwork network, String domain) throws IOException, InterruptedException {
            StanzabusProcess server = new StanzabusProcess(home, network, List.of(domain));
            return new Started(server.side(), server::close);
        }
    },
    PROSODY("Prosody") {
        @Override
        Started start(Path home, OpenNetwork network, String domain) throws IOException {
            return peer(network.prosody(settings(domain)));
        }
    },
    PROSODY_ACKNOWLEDGED("Prosody, XEP-0198 and 0288") {
        @Override
        Started start(Path home, OpenNetwork network, String domain) throws IOException {
            return peer(network.prosody(
                    settings(domain).with(Feature.ACKNOWLEDGEMENTS).with(Feature.BIDIRECTIONAL)));
        }
    },
    EJABBERD("ejabberd") {
        @Override
        Started start(Path home, OpenNetwork network, String domain) throws IOException {
            return peer(network.ejabberd(settings(domain)));
        }
    };

    private final String text;

    Kind(String text) {
        this.text = text;
    }

    /// A running server and what ends it.
    record Started(Side side, Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            end.run();
        }
    }

    /// @param home the folder of this project
    abstract Started start(Path home, OpenNetwork network, String domain) throws IOException, InterruptedException;

    private static PeerSettings settings(String domain) {
        return PeerSettings.of(domain, Proof.CERTIFICATE).with(Feature.MEASURED);
    }

    private static Started peer(PeerServer peer) {
        return new Started(new Side(peer, peer.process(), peer.serverAddress().getPort()), peer::close);
    }

    @Override
    public String toString() {
        return text;
    }
}
