package im.stanzabus.drill.client;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;

/// The server's side of one stream.
final class PretendStream {
    private static final String SALT = "W22ZaJ0SNY7soEsUEjb6gQ==";
    private static final String SASL = " xmlns='urn:ietf:params:xml:ns:xmpp-sasl'";
    private static final String SM = " xmlns='urn:xmpp:sm:3'";

    private final PretendServer server;
    private final NetSocket socket;
    private ElementReader reader = new ElementReader();
    private String clientFirst = "";
    private String serverFirst = "";
    private String user = "";
    private boolean greeted;
    private @Nullable PretendSession session;

    PretendStream(PretendServer server, NetSocket socket) {
        this.server = server;
        this.socket = socket;
        socket.handler(this::read);
        socket.closeHandler(closed -> {
            server.streams.remove(this);
            if (session != null) {
                session.stream(null);
            }
        });
    }

    void write(String xml) {
        socket.write(xml);
    }

    void breakOff() {
        socket.close();
    }

    private void read(Buffer bytes) {
        try {
            ElementReader.Read read = reader.feed(bytes.getBytes());
            if (!greeted) {
                greet();
            }
            read.elements().forEach(this::received);
            if (read.ended()) {
                PretendSession left = session;
                if (left != null) {
                    server.sessions.remove(left.id());
                }
                socket.close();
            }
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
    }

    private void greet() {
        greeted = true;
        write(
                "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s' version='1.0'>"
                        + "<stream:features>"
                        + (user.isEmpty()
                                ? "<mechanisms" + SASL + "><mechanism>SCRAM-SHA-256</mechanism></mechanisms>"
                                : "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm" + SM + "/>")
                        + "</stream:features>");
    }

    private void received(Element element) {
        PretendSession mine = session;
        if (element.isStanza() && mine != null) {
            mine.count();
        }
        switch (element.name()) {
            case "auth" -> {
                clientFirst = decode(element.text()).substring(3);
                serverFirst = clientFirst.replaceFirst(".*,r=", "r=") + "server,s=" + SALT + ",i=4096";
                write("<challenge" + SASL + ">" + encode(serverFirst) + "</challenge>");
            }
            case "response" -> login(decode(element.text()));
            case "iq" -> iq(element);
            case "presence" -> mine.deliverAgain();
            case "message" -> server.message(mine.jid(), element);
            case "enable" -> {
                mine.managed();
                boolean resume = element.attribute("resume").equals("true");
                write("<enabled" + SM + (resume ? " resume='true' id='" + mine.id() + "'" : "") + "/>");
            }
            case "resume" -> resume(element);
            case "r" -> write("<a" + SM + " h='" + mine.handled() + "'/>");
            case "a" -> mine.acknowledged(Long.parseLong(element.attribute("h")));
            default -> {}
        }
    }

    private void login(String clientLast) {
        String withoutProof = clientLast.substring(0, clientLast.lastIndexOf(",p="));
        ScramKeys keys = ScramKeys.derive("secret", SALT, 4096);
        byte[] signature = ScramKeys.hmac(keys.serverKey(), clientFirst + ',' + serverFirst + ',' + withoutProof);
        user = clientFirst.substring(2, clientFirst.indexOf(','));
        reader = new ElementReader();
        greeted = false;
        write("<success" + SASL + ">" + encode("v=" + Base64.getEncoder().encodeToString(signature)) + "</success>");
    }

    private void iq(Element iq) {
        String id = iq.attribute("id");
        Element bind = iq.child("bind", "urn:ietf:params:xml:ns:xmpp-bind").orElse(null);
        if (bind != null) {
            String jid = user + "@drill.test/" + bind.children().getFirst().text();
            session = new PretendSession(server.newId(), jid, this);
            server.sessions.values().stream()
                    .filter(other -> other.jid().equals(jid))
                    .forEach(session::inherit);
            server.sessions.values().removeIf(other -> other.jid().equals(jid));
            server.sessions.put(session.id(), session);
            write("<iq type='result' id='" + id + "'/>");
        } else if (session != null) {
            session.deliver("<iq type='result' id='" + id + "'/>");
        }
    }

    private void resume(Element resume) {
        PretendSession old = server.sessions.get(resume.attribute("previd"));
        if (old == null) {
            write("<failed" + SM + "><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>");
            return;
        }
        session = old;
        old.acknowledged(Long.parseLong(resume.attribute("h")));
        old.stream(this);
        write("<resumed" + SM + " previd='" + old.id() + "' h='" + old.handled() + "'/>");
        old.deliverAgain();
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }
}
