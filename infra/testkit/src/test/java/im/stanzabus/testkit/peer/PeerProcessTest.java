package im.stanzabus.testkit.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.peer.PeerSettings.Feature;
import im.stanzabus.testkit.peer.PeerSettings.Proof;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Peers are processes that come, go and leave nothing.
@Timeout(120)
class PeerProcessTest {
    private OpenNetwork network;
    private List<ProcessHandle> before;

    @BeforeEach
    void enter() {
        before = ProcessHandle.current().descendants().toList();
        network = new OpenNetwork(Path.of("target", "peers", "processes"));
    }

    @AfterEach
    void leave() {
        network.close();
    }

    private List<ProcessHandle> ours() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> !before.contains(process))
                .toList();
    }

    private static boolean listens(InetSocketAddress address) {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            return socket.isConnected();
        } catch (IOException _) {
            return false;
        }
    }

    private void comesBack(PeerServer peer) {
        try (Scene scene = Scene.across(peer)) {
            scene.account("nurse");
            peer.kill();
            assertThat(listens(peer.address())).isFalse();
            assertThat(listens(peer.serverAddress())).isFalse();
            peer.restart();
            assertThat(scene.connected("nurse").bareJid()).isEqualTo(scene.jid("nurse"));
        }
    }

    private void leavesNothing(PeerServer peer) {
        List<ProcessHandle> processes = ours();
        assertThat(processes).isNotEmpty();
        peer.freeze();
        peer.close();
        for (ProcessHandle process : processes) {
            process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        }
        assertThat(ours()).isEmpty();
        assertThat(listens(peer.address())).isFalse();
        assertThat(peer.log()).isNotEmptyFile();
        peer.close();
    }

    @Test
    void prosodyComesBackWithItsPortsAndAccountsAndLeavesNothing() throws Exception {
        PeerServer prosody = network.prosody(PeerSettings.of("montague.example", Proof.EITHER));
        comesBack(prosody);
        leavesNothing(prosody);
    }

    @Test
    void ejabberdComesBackWithItsPortsAndAccountsAndLeavesNothing() throws Exception {
        PeerServer ejabberd = network.ejabberd(PeerSettings.of("capulet.example", Proof.EITHER));
        comesBack(ejabberd);
        leavesNothing(ejabberd);
    }

    @Test
    void whatEjabberdCannotDoIsSaid() {
        PeerSettings settings = PeerSettings.of("verona.example", Proof.EITHER).with(Feature.BIDIRECTIONAL);
        assertThatThrownBy(() -> network.ejabberd(settings)).isInstanceOf(IllegalArgumentException.class);
        assertThat(ours()).isEmpty();
    }
}
