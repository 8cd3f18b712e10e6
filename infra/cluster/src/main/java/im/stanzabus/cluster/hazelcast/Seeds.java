package im.stanzabus.cluster.hazelcast;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The addresses at which members may be, asked one by one before this process makes a member of itself: a
/// member that finds nobody would be a cluster of its own. All methods block.
final class Seeds {
    private static final Logger LOG = LoggerFactory.getLogger(Seeds.class);
    private static final int ANSWER_MILLIS = 1_000;

    /// What members of Hazelcast say to each other first, and answer.
    private static final byte[] GREETING = "HZC".getBytes(StandardCharsets.US_ASCII);

    private enum Reply {
        GREETING,
        NOTHING,
        OTHER
    }

    private final JoinSettings settings;

    Seeds(JoinSettings settings) {
        this.settings = settings;
    }

    /// All addresses now: a name stands for all that it resolves to.
    List<InetSocketAddress> resolved() {
        List<String> all = new ArrayList<>(settings.seeds());
        settings.known().stream().filter(known -> !all.contains(known)).forEach(all::add);
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String each : all) {
            int colon = each.lastIndexOf(':');
            try {
                for (InetAddress address : InetAddress.getAllByName(each.substring(0, colon))) {
                    addresses.add(new InetSocketAddress(address, Integer.parseInt(each.substring(colon + 1))));
                }
            } catch (UnknownHostException e) {
                LOG.debug("{} has no address", each, e);
            }
        }
        return addresses.stream().distinct().toList();
    }

    /// Whether an address is the one of this process.
    boolean isOwn(InetSocketAddress address) {
        if (address.getPort() != settings.port()) {
            return false;
        }
        try {
            boolean isPublic = !settings.publicHost().isEmpty()
                    && Arrays.asList(InetAddress.getAllByName(settings.publicHost()))
                            .contains(address.getAddress());
            return isPublic || NetworkInterface.getByInetAddress(address.getAddress()) != null;
        } catch (SocketException | UnknownHostException e) {
            LOG.debug("{}", address, e);
            return false;
        }
    }

    /// Whether a member of some cluster answers there.
    static boolean answers(InetSocketAddress address) {
        return ask(address) == Reply.GREETING;
    }

    /// Whether connections are taken there, and nothing is ever said: what listens is frozen.
    static boolean isSilent(InetSocketAddress address) {
        return ask(address) == Reply.NOTHING;
    }

    private static Reply ask(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, ANSWER_MILLIS);
            try {
                socket.setSoTimeout(ANSWER_MILLIS);
                socket.getOutputStream().write(GREETING);
                return Arrays.equals(socket.getInputStream().readNBytes(GREETING.length), GREETING)
                        ? Reply.GREETING
                        : Reply.OTHER;
            } catch (SocketTimeoutException e) {
                LOG.debug("{} is silent", address, e);
                return Reply.NOTHING;
            }
        } catch (IOException e) {
            LOG.debug("{} does not answer", address, e);
            return Reply.OTHER;
        }
    }
}
