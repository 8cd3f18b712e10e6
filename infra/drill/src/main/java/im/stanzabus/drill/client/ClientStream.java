package im.stanzabus.drill.client;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import javax.xml.stream.XMLStreamException;

/// One XML stream to a gateway over TCP. Lives on the context of its socket.
final class ClientStream {
    private static final String STREAMS = "http://etherx.jabber.org/streams";

    /// Who is told what comes.
    interface Receiver {
        /// Bytes came, of whatever kind.
        void heard();

        void received(Element element);

        /// The stream is over; called once.
        void ended(String why);
    }

    private final NetSocket socket;
    private final String domain;
    private Receiver receiver;
    private ElementReader reader = new ElementReader();
    private String reason = "closed by the server";
    private boolean over;

    /// True as long as the client itself has not given it up.
    private boolean theirs = true;

    ClientStream(NetSocket socket, String domain, Receiver receiver) {
        this.socket = socket;
        this.domain = domain;
        this.receiver = receiver;
        socket.handler(this::read);
        socket.exceptionHandler(failure -> reason = "connection reset");
        socket.closeHandler(closed -> finish(reason));
    }

    void receiver(Receiver next) {
        receiver = next;
    }

    /// Sends the stream header, at the beginning and after the login.
    void open() {
        reader = new ElementReader();
        write("<?xml version='1.0'?><stream:stream to='" + domain
                + "' version='1.0' xmlns='jabber:client' xmlns:stream='" + STREAMS + "'>");
    }

    void write(String xml) {
        if (!over) {
            socket.write(xml);
        }
    }

    /// Ends the stream in good order.
    void close(String why) {
        write("</stream:stream>");
        abort(why);
    }

    /// Whether it was the server, or the way to it, that has ended the stream.
    boolean isEndedByServer() {
        return over && theirs;
    }

    /// Gives the connection up.
    void abort(String why) {
        theirs = false;
        finish(why);
        socket.close();
    }

    private void read(Buffer bytes) {
        if (over) {
            return;
        }
        receiver.heard();
        try {
            ElementReader from = reader;
            ElementReader.Read read = from.feed(bytes.getBytes());
            for (Element element : read.elements()) {
                if (element.is("error", STREAMS)) {
                    reason = "stream error "
                            + element.children().stream()
                                    .map(Element::name)
                                    .findFirst()
                                    .orElse("");
                } else if (!over) {
                    receiver.received(element);
                }
            }
            if (read.ended() && from == reader) {
                write("</stream:stream>");
                finish(reason);
                socket.close();
            }
        } catch (XMLStreamException e) {
            abort("XML that is not well-formed: " + e.getMessage());
        }
    }

    private void finish(String why) {
        if (!over) {
            over = true;
            receiver.ended(why);
        }
    }
}
