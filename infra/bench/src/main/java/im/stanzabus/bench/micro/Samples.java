package im.stanzabus.bench.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stanza.xml.StreamLimits;
import im.stanzabus.stanza.xml.StreamParser;

/// What clients send, as benches use it.
public enum Samples {
    /// A short message with a chat state, as most are.
    CHAT("<message type='chat' id='purple3f9a' to='juliet@localhost'><active"
            + " xmlns='http://jabber.org/protocol/chatstates'/><body>But, soft! what light through yonder window"
            + " breaks?</body></message>"),

    /// A message of two kilobytes, with characters of several bytes and with references.
    LONG_CHAT("<message type='chat' id='purple3f9b' to='juliet@localhost/balcony'><body>"
            + "It is the east &amp; Jülïet is the sun — ".repeat(50) + "</body></message>"),

    /// Presence with entity capabilities (XEP-0115).
    PRESENCE("<presence><show>away</show><priority>5</priority><c xmlns='http://jabber.org/protocol/caps' hash='sha-1'"
            + " node='https://client.example' ver='QgayPKawpkPSDYmwT/WM94uAlu0='/></presence>"),

    /// A request.
    IQ("<iq type='get' id='roster_1'><query xmlns='jabber:iq:roster' ver='ver14'/></iq>");

    private static final byte[] HEADER = ("<?xml version='1.0'?><stream:stream to='localhost' version='1.0'"
                    + " xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>")
            .getBytes(UTF_8);

    private final byte[] bytes;

    Samples(String xml) {
        bytes = xml.getBytes(UTF_8);
    }

    /// As it comes from the socket. Not to be changed.
    public byte[] bytes() {
        return bytes;
    }

    /// The stanza.
    public Stanza stanza() {
        StreamParser parser = parser();
        parser.feed(bytes);
        return (Stanza) next(parser);
    }

    /// A client's stream that is open.
    public static StreamParser parser() {
        StreamParser parser = new StreamParser(StreamLimits.DEFAULT, Namespaces.CLIENT);
        parser.feed(HEADER);
        next(parser);
        return parser;
    }

    /// What comes next on a stream.
    public static StreamEvent next(StreamParser parser) {
        try {
            StreamEvent event = parser.next();
            if (event == null) {
                throw new IllegalStateException("the sample is not whole");
            }
            return event;
        } catch (StreamErrorException e) {
            throw new IllegalStateException(e);
        }
    }
}
