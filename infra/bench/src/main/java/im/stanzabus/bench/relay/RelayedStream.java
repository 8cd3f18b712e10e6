package im.stanzabus.bench.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import im.stanzabus.bench.load.client.Text;
import im.stanzabus.bench.load.wire.StanzaScanner;
import im.stanzabus.bench.load.wire.StanzaScanner.Kind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.ServerSSLOptions;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One client. Everybody may log in, by PLAIN; every roster is empty.
final class RelayedStream {
    private static final byte[] MESSAGE = "<message".getBytes(UTF_8);
    private static final byte[] TO = " to=".getBytes(UTF_8);
    private static final byte[] NOTHING = {};

    private final Relay relay;
    private final NetSocket socket;
    private final @Nullable ServerSSLOptions tls;
    private final StanzaScanner scanner = new StanzaScanner();
    private byte[] rest = NOTHING;
    private @Nullable Buffer out;
    private String host = "";
    private String user = "";

    RelayedStream(Relay relay, NetSocket socket, @Nullable ServerSSLOptions tls) {
        this.relay = relay;
        this.socket = socket;
        this.tls = tls;
        socket.handler(this::read);
        socket.closeHandler(_ -> relay.gone(user, this));
    }

    private void read(Buffer received) {
        byte[] bytes = new byte[rest.length + received.length()];
        System.arraycopy(rest, 0, bytes, 0, rest.length);
        received.getBytes(bytes, rest.length);
        int keep = scanner.scan(bytes, rest.length, bytes.length, this::element);
        rest = keep == StanzaScanner.STOPPED || keep == bytes.length
                ? NOTHING
                : Arrays.copyOfRange(bytes, keep, bytes.length);
    }

    private boolean element(Kind kind, byte[] bytes, int from, int to) {
        if (kind == Kind.ELEMENT && Arrays.equals(bytes, from, from + MESSAGE.length, MESSAGE, 0, MESSAGE.length)) {
            pass(bytes, from, to);
            return true;
        }
        String xml = new String(bytes, from, to - from, UTF_8);
        return switch (kind) {
            case HEADER -> open(xml);
            case ELEMENT -> answer(xml);
            case END -> end();
        };
    }

    private void pass(byte[] bytes, int from, int to) {
        int name = indexOf(bytes, from, to) + TO.length + 1;
        int end = name;
        while (bytes[end] != '@') {
            end++;
        }
        RelayedStream receiver = relay.receiver(new String(bytes, name, end - name, UTF_8));
        if (receiver != null) {
            receiver.out().appendBytes(bytes, from, to - from);
        }
    }

    private static int indexOf(byte[] bytes, int from, int to) {
        for (int at = from; at < to - TO.length; at++) {
            if (Arrays.equals(bytes, at, at + TO.length, TO, 0, TO.length)) {
                return at;
            }
        }
        throw new IllegalArgumentException("a message to nobody");
    }

    private boolean open(String header) {
        host = Text.attribute(header, "to");
        send("<?xml version='1.0'?><stream:stream id='relay' version='1.0' from='" + host
                + "' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'><stream:features>"
                + (user.isEmpty() ? beforeLogin() : "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>")
                + "</stream:features>");
        return true;
    }

    private String beforeLogin() {
        return (tls == null || socket.isSsl() ? "" : "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
                + "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>";
    }

    private boolean answer(String xml) {
        if (xml.startsWith("<starttls")) {
            scanner.reset();
            socket.upgradeToSsl(tls, Buffer.buffer("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"));
            return false;
        }
        if (xml.startsWith("<auth")) {
            user = Text.decoded(xml).split("\0", -1)[1];
            relay.online(user, this);
            scanner.reset();
            send("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
            return false;
        }
        if (xml.startsWith("<presence")) {
            send("<presence from='" + address() + "'/>");
        } else if (xml.contains("xmpp-bind")) {
            result(xml, "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>" + address() + "</jid></bind>");
        } else if (xml.startsWith("<iq")) {
            result(xml, "<query xmlns='jabber:iq:roster'/>");
        }
        return true;
    }

    private String address() {
        return user + '@' + host + "/relay";
    }

    private void result(String request, String payload) {
        send("<iq type='result' id='" + Text.attribute(Text.startTag(request), "id") + "'>" + payload + "</iq>");
    }

    private boolean end() {
        relay.gone(user, this);
        send("</stream:stream>");
        flush();
        socket.end();
        return false;
    }

    private void send(String xml) {
        out().appendString(xml);
    }

    private Buffer out() {
        Buffer buffer = out;
        if (buffer == null) {
            buffer = Buffer.buffer();
            out = buffer;
            relay.flushLater(this);
        }
        return buffer;
    }

    void flush() {
        Buffer buffer = out;
        out = null;
        if (buffer != null) {
            socket.write(buffer);
        }
    }
}
