package im.stanzabus.cluster.hazelcast;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;

/// A name server that knows one name, whatever it is asked for; who asks may make a difference. Records may not be
/// kept by anybody.
final class NameServer implements AutoCloseable {
    private static final int HEADER = 12;
    private static final int A = 1;

    private final DatagramSocket socket;
    private final Function<InetAddress, List<String>> addresses;

    NameServer(String host, Function<InetAddress, List<String>> addresses) throws IOException {
        this.addresses = addresses;
        socket = new DatagramSocket(new InetSocketAddress(host, 53));
        Thread.ofPlatform().daemon().start(this::serve);
    }

    private void serve() {
        byte[] buffer = new byte[512];
        try {
            while (!socket.isClosed()) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                ByteBuffer answer = answer(ByteBuffer.wrap(buffer, 0, packet.getLength()), packet.getAddress());
                socket.send(new DatagramPacket(answer.array(), answer.position(), packet.getSocketAddress()));
            }
        } catch (IOException _) {
            // It was closed.
        }
    }

    /// RFC 1035 section 4: the question again, and an A record for each address if that is what was asked for.
    private ByteBuffer answer(ByteBuffer query, InetAddress client) throws IOException {
        int end = HEADER;
        while (query.get(end) != 0) {
            end += query.get(end) + 1;
        }
        int type = query.getShort(end + 1);
        List<String> all = type == A ? addresses.apply(client) : List.of();
        ByteBuffer answer = ByteBuffer.allocate(512);
        answer.putShort(query.getShort(0)).putShort((short) 0x8580);
        answer.putShort((short) 1).putShort((short) all.size()).putInt(0);
        answer.put(query.array(), HEADER, end + 5 - HEADER);
        for (String address : all) {
            answer.putShort((short) (0xc000 | HEADER)).putShort((short) A).putShort((short) 1);
            answer.putInt(0).putShort((short) 4);
            answer.put(InetAddress.getByName(address).getAddress());
        }
        return answer;
    }

    @Override
    public void close() {
        socket.close();
    }
}
