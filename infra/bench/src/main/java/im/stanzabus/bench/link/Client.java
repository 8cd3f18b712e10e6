package im.stanzabus.bench.link;

import im.stanzabus.testkit.Scram;
import im.stanzabus.testkit.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// A client without TLS that costs the machine as little as it can. To be used by one thread.
final class Client implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;
    private static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final String jid;

    private Client(TestServer server, String user) throws IOException {
        jid = user + "@" + server.host() + "/bench";
        socket = new Socket(server.address().getAddress(), server.address().getPort());
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /// Logs in and becomes available.
    static Client online(TestServer server, String user) throws IOException {
        Client client = new Client(server, user);
        client.open(server.host());
        Scram scram = new Scram("SHA-1", user, TestServer.PASSWORD, "n", new byte[0]);
        client.send("<auth xmlns='" + SASL + "' mechanism='SCRAM-SHA-1'>" + encoded(scram.first()) + "</auth>");
        String challenge = client.until("</challenge>");
        String text = challenge.substring(challenge.indexOf('>') + 1, challenge.lastIndexOf('<'));
        String first = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        client.send("<response xmlns='" + SASL + "'>" + encoded(scram.last(first)) + "</response>");
        client.until("</success>");
        client.open(server.host());
        client.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                + "<resource>bench</resource></bind></iq>");
        client.until("</iq>");
        client.send("<presence/>");
        client.until("<presence");
        return client;
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    String jid() {
        return jid;
    }

    private void open(String domain) throws IOException {
        send("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0' to='"
                + domain + "'>");
        until("</stream:features>");
    }

    void send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /// Reads until something has come, and returns everything.
    private String until(String text) throws IOException {
        StringBuilder all = new StringBuilder();
        byte[] buffer = new byte[BUFFER];
        while (all.indexOf(text) < 0) {
            int count = in.read(buffer);
            if (count < 0 || all.indexOf("</failure>") >= 0) {
                throw new IOException(jid + " waits for " + text + " and gets " + all);
            }
            all.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
        }
        return all.toString();
    }

    /// The stream of bytes, for whoever counts what is in it.
    InputStream in() {
        return in;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
