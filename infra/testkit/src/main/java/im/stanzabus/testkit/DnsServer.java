package im.stanzabus.testkit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A name server for tests, over UDP and TCP: it knows what it is told, and of every other name that it does
/// not exist. To those who ask it is a resolver that does the whole look-up (recursion), so that any program
/// can be pointed at it. It knows no DNSSEC. Names may be written in any case, with or without a dot at the
/// end. Safe from any thread.
public final class DnsServer implements AutoCloseable {
    private static final int ATTEMPTS = 20;
    private static final int MAX_MESSAGE = 65_535;

    private final DnsZone zone = new DnsZone();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final DatagramSocket datagrams;
    private final ServerSocket listener;

    private DnsServer(ServerSocket listener, DatagramSocket datagrams) {
        this.listener = listener;
        this.datagrams = datagrams;
        Thread.ofVirtual().name("dns-udp").start(() -> untilClosed(this::serveDatagram));
        Thread.ofVirtual().name("dns-tcp").start(() -> untilClosed(this::accept));
    }

    /// Starts one on the loopback interface, at a free port.
    public static DnsServer start() {
        return start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /// Starts one.
    ///
    /// @param address where; port 0 for one that is free for both protocols
    public static DnsServer start(InetSocketAddress address) {
        for (int attempt = 1; ; attempt++) {
            try {
                return bind(address);
            } catch (BindException e) {
                if (address.getPort() != 0 || attempt == ATTEMPTS) {
                    throw new UncheckedIOException(e);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static DnsServer bind(InetSocketAddress address) throws IOException {
        ServerSocket listener = new ServerSocket(address.getPort(), 50, address.getAddress());
        try {
            return new DnsServer(listener, new DatagramSocket(listener.getLocalSocketAddress()));
        } catch (IOException e) {
            listener.close();
            throw e;
        }
    }

    /// Where it is, for both protocols.
    public InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    /// The name has these addresses (A and AAAA records), besides those that it has.
    ///
    /// @param addresses IP addresses as text
    public DnsServer host(String name, String... addresses) {
        for (String address : addresses) {
            zone.add(name, DnsRecordData.address(InetAddress.ofLiteral(address)));
        }
        return this;
    }

    /// The service of this name is here (SRV record, RFC 2782), besides where it is already.
    ///
    /// @param name such as `_xmpp-server._tcp.capulet.example`
    /// @param target `.` to say that it is not offered
    public DnsServer service(String name, int priority, int weight, int port, String target) {
        zone.add(name, DnsRecordData.service(priority, weight, port, target));
        return this;
    }

    /// The name is an alias (CNAME record).
    public DnsServer alias(String name, String target) {
        zone.add(name, DnsRecordData.alias(target));
        return this;
    }

    /// Nobody gets an answer about this name.
    public DnsServer silent(String name) {
        zone.fault(name, DnsZone.Fault.SILENT);
        return this;
    }

    /// Who asks about this name is told of a failure of the server (SERVFAIL).
    public DnsServer fails(String name) {
        zone.fault(name, DnsZone.Fault.FAILURE);
        return this;
    }

    /// Who asks about this name over UDP is told to ask over TCP.
    public DnsServer onlyByTcp(String name) {
        zone.fault(name, DnsZone.Fault.TRUNCATED);
        return this;
    }

    /// Forgets all that it was told about the name.
    public DnsServer forget(String name) {
        zone.forget(name);
        return this;
    }

    /// How long what it says from now on may be remembered, also that something does not exist.
    public DnsServer ttl(int seconds) {
        zone.ttl(seconds);
        return this;
    }

    /// What was asked until now, such as `udp SRV _xmpp-server._tcp.capulet.example`, the name as it was
    /// written.
    public List<String> asked() {
        return List.copyOf(asked);
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void untilClosed(Step step) {
        try {
            while (true) {
                step.run();
            }
        } catch (SocketException | EOFException e) {
            // closed, by us or by the other side
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serveDatagram() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[MAX_MESSAGE], MAX_MESSAGE);
        datagrams.receive(packet);
        byte[] message = new byte[packet.getLength()];
        System.arraycopy(packet.getData(), 0, message, 0, message.length);
        byte[] answer = answer(message, false);
        if (answer != null) {
            datagrams.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
    }

    private void accept() throws IOException {
        Socket connection = listener.accept();
        connections.add(connection);
        Thread.ofVirtual().name("dns-connection").start(() -> serve(connection));
    }

    private void serve(Socket connection) {
        try (connection) {
            DataInputStream in = new DataInputStream(connection.getInputStream());
            DataOutputStream out = new DataOutputStream(connection.getOutputStream());
            untilClosed(() -> {
                byte[] message = new byte[in.readUnsignedShort()];
                in.readFully(message);
                byte[] answer = answer(message, true);
                if (answer != null) {
                    byte[] framed = new byte[answer.length + 2];
                    framed[0] = (byte) (answer.length >> 8);
                    framed[1] = (byte) answer.length;
                    System.arraycopy(answer, 0, framed, 2, answer.length);
                    out.write(framed);
                }
            });
        } catch (IOException e) {
            // it was gone at once
        } finally {
            connections.remove(connection);
        }
    }

    /// Null for no answer.
    private byte @Nullable [] answer(byte[] message, boolean tcp) {
        Consumer<DnsQuestion> note = question ->
                asked.add((tcp ? "tcp " : "udp ") + DnsRecordData.typeName(question.type()) + ' ' + question.name());
        return DnsAnswer.to(message, zone, tcp, note);
    }

    @Override
    public void close() {
        try {
            datagrams.close();
            listener.close();
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
