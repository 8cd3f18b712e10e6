package im.stanzabus.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import javax.naming.CommunicationException;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.ServiceUnavailableException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Asked by the resolver of the JDK, which shares no code with it, and by messages written by hand.
@Timeout(30)
class DnsServerTest {
    private static final String QUESTION = "\7Balcony\7CAPULET\7example\0";

    private final DnsServer server = DnsServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    @SuppressWarnings("BanJNDI") // nothing but text comes from DNS
    private List<String> resolve(String name, String type) throws NamingException {
        Hashtable<String, String> settings = new Hashtable<>();
        settings.put("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory");
        settings.put(
                "java.naming.provider.url",
                "dns://127.0.0.1:" + server.address().getPort());
        settings.put("com.sun.jndi.dns.timeout.initial", "200");
        settings.put("com.sun.jndi.dns.timeout.retries", "1");
        DirContext context = new InitialDirContext(settings);
        try {
            Attribute found = context.getAttributes(name, new String[] {type}).get(type);
            List<String> values = new ArrayList<>();
            if (found != null) {
                found.getAll().asIterator().forEachRemaining(value -> values.add(value.toString()));
            }
            return values;
        } finally {
            context.close();
        }
    }

    @Test
    void hostsHaveAddressesOfBothFamilies() throws NamingException {
        server.host("xmpp.Capulet.example.", "192.0.2.1", "192.0.2.2", "2001:db8::1");

        assertThat(resolve("xmpp.capulet.example", "A")).containsExactlyInAnyOrder("192.0.2.1", "192.0.2.2");
        assertThat(resolve("XMPP.capulet.example", "AAAA")).containsExactly("2001:db8::1");
        assertThat(server.asked()).containsExactly("udp A xmpp.capulet.example", "udp AAAA XMPP.capulet.example");
    }

    @Test
    void servicesHaveTargets() throws NamingException {
        server.service("_xmpp-server._tcp.capulet.example", 5, 10, 5269, "xmpp.capulet.example");
        server.service("_xmpps-server._tcp.capulet.example", 0, 0, 0, ".");

        assertThat(resolve("_xmpp-server._tcp.capulet.example", "SRV"))
                .containsExactly("5 10 5269 xmpp.capulet.example.");
        assertThat(resolve("_xmpps-server._tcp.capulet.example", "SRV")).containsExactly("0 0 0 .");
    }

    @Test
    void aliasesAreFollowed() throws NamingException {
        server.alias("www.capulet.example", "host.capulet.example").host("host.capulet.example", "192.0.2.7");

        assertThat(resolve("www.capulet.example", "A")).containsExactly("192.0.2.7");
        assertThat(resolve("www.capulet.example", "CNAME")).containsExactly("host.capulet.example.");
    }

    @Test
    void otherNamesDoNotExist() throws NamingException {
        server.host("xmpp.capulet.example", "192.0.2.1").host("gone.example", "192.0.2.1");
        server.forget("gone.example");

        assertThatThrownBy(() -> resolve("montague.example", "A")).isInstanceOf(NameNotFoundException.class);
        assertThatThrownBy(() -> resolve("gone.example", "A")).isInstanceOf(NameNotFoundException.class);
        assertThat(resolve("xmpp.capulet.example", "AAAA")).isEmpty();
        assertThat(resolve("capulet.example", "A")).isEmpty();
    }

    @Test
    void aServerCanFailAndBeSilent() {
        server.host("broken.example", "192.0.2.1").fails("broken.example");
        server.host("silent.example", "192.0.2.1").silent("silent.example");

        assertThatThrownBy(() -> resolve("broken.example", "A")).isInstanceOf(ServiceUnavailableException.class);
        assertThatThrownBy(() -> resolve("silent.example", "A")).isInstanceOf(CommunicationException.class);
    }

    @Test
    void anAnswerThatIsCutOffIsWholeOverTcp() throws NamingException {
        server.host("large.example", "192.0.2.1").onlyByTcp("large.example");

        assertThat(resolve("large.example", "A")).containsExactly("192.0.2.1");
        assertThat(server.asked()).containsExactly("udp A large.example", "tcp A large.example");
    }

    @Test
    void whatDoesNotFitIntoADatagramIsCutOff() throws NamingException {
        for (int i = 0; i < 40; i++) {
            server.host("large.example", "192.0.2." + i);
        }

        assertThat(resolve("large.example", "A")).hasSize(40);
        assertThat(server.asked()).containsExactly("udp A large.example", "tcp A large.example");
    }

    private static byte[] question(int opcode, int type, int dnsClass, int datagramBytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {
            0x12, 0x34, (byte) (opcode << 3 | 1), 0, 0, 1, 0, 0, 0, 0, 0, (byte) (datagramBytes > 0 ? 1 : 0)
        });
        out.writeBytes(QUESTION.getBytes(StandardCharsets.ISO_8859_1));
        DnsRecordData.writeShort(out, type);
        DnsRecordData.writeShort(out, dnsClass);
        if (datagramBytes > 0) {
            out.writeBytes(new byte[] {0, 0, 41, (byte) (datagramBytes >> 8), (byte) datagramBytes, 0, 0, 0, 0, 0, 0});
        }
        return out.toByteArray();
    }

    private byte[] exchange(byte[] message) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(message, message.length, server.address()));
            DatagramPacket answer = new DatagramPacket(new byte[65_535], 65_535);
            socket.setSoTimeout(10_000);
            socket.receive(answer);
            return Arrays.copyOf(answer.getData(), answer.getLength());
        }
    }

    private static int flags(byte[] message) {
        return (message[2] & 0xff) << 8 | message[3] & 0xff;
    }

    @Test
    void theQuestionComesBackAsItWasWritten() throws IOException {
        server.host("balcony.capulet.example", "192.0.2.9");

        byte[] answer = exchange(question(0, 1, 1, 1_232));

        assertThat(Arrays.copyOf(answer, 2)).containsExactly(0x12, 0x34);
        assertThat(flags(answer)).isEqualTo(0x8580); // response, authoritative, RD as asked, RA, no error
        assertThat(Arrays.copyOfRange(answer, 4, 12)).containsExactly(0, 1, 0, 1, 0, 0, 0, 1);
        assertThat(new String(answer, 12, QUESTION.length(), StandardCharsets.ISO_8859_1))
                .isEqualTo(QUESTION);
        assertThat(answer[answer.length - 9]).isEqualTo((byte) 41); // OPT, as EDNS was spoken
    }

    @Test
    void whoSpeaksEdnsGetsLargerDatagrams() throws IOException {
        for (int i = 0; i < 40; i++) {
            server.host("balcony.capulet.example", "192.0.2." + i);
        }

        assertThat(flags(exchange(question(0, 1, 1, 0)))).isEqualTo(0x8780); // cut off
        assertThat(exchange(question(0, 1, 1, 1_232))).hasSizeBetween(513, 1_232);
    }

    @Test
    void aNegativeAnswerSaysHowLongItHolds() throws IOException {
        byte[] answer = exchange(question(0, 1, 1, 0));

        assertThat(flags(answer)).isEqualTo(0x8583);
        assertThat(Arrays.copyOfRange(answer, 6, 12)).containsExactly(0, 0, 0, 1, 0, 0);
        assertThat(Arrays.copyOfRange(answer, answer.length - 4, answer.length)).containsExactly(0, 0, 0, 60);
    }

    @Test
    void whatIsNoPlainQuestionIsRefused() throws IOException {
        assertThat(flags(exchange(question(2, 1, 1, 0))) & 0xf).isEqualTo(4);
        assertThat(flags(exchange(question(0, 1, 3, 0))) & 0xf).isEqualTo(5);
        byte[] half = Arrays.copyOf(question(0, 1, 1, 0), 20);
        assertThat(flags(exchange(half)) & 0xf).isEqualTo(1);
    }

    @Test
    void oneConnectionTakesSeveralQuestions() throws IOException {
        server.host("balcony.capulet.example", "192.0.2.9");
        byte[] message = question(0, 1, 1, 0);
        try (Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream().write(new byte[] {0, (byte) message.length});
                socket.getOutputStream().write(message);
                byte[] answer = new byte[in.readUnsignedShort()];
                in.readFully(answer);
                assertThat(flags(answer)).isEqualTo(0x8580);
            }
        }
    }
}
