package im.stanzabus.c2s;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.c2s.tls.ChannelBindings;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StreamError.Condition;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stream.StreamHeader;
import io.vertx.core.Future;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// A stream header is expected (RFC 6120 section 4.7): at the start, and again after STARTTLS and after SASL.
///
/// @param account who has logged in; null before SASL
/// @param since when the connection began
record Opening(Connection connection, @Nullable Jid account, long since) implements StreamState {

    private record Offer(AuthRequest.Mechanisms mechanisms, boolean registration) {}

    void opened(StreamEvent.Opened header) {
        Gateway gateway = connection.gateway();
        Jid from = address(header.from());
        Jid to = address(header.to());
        String host = to == null ? null : gateway.host(to);
        connection.header(host == null ? gateway.defaultHost() : host, from == null ? null : from.bare());
        if (header.to() == null) {
            connection.fail(Condition.IMPROPER_ADDRESSING, "the stream header must name the host in 'to'");
        } else if (host == null || (account != null && !host.equals(account.domain()))) {
            connection.fail(Condition.HOST_UNKNOWN, "not a host of this stream");
        } else if (!StreamHeader.isSupported(header.version())) {
            connection.fail(Condition.UNSUPPORTED_VERSION, "XMPP 1.0 is spoken here");
        } else if (account != null
                && header.from() != null
                && (from == null || !from.bare().equals(account))) {
            connection.fail(Condition.INVALID_FROM, "not the address that logged in");
        } else {
            connection.lang(header.lang());
            offer(gateway, host);
        }
    }

    private static @Nullable Jid address(@Nullable String text) {
        try {
            return text == null ? null : Jid.parse(text);
        } catch (JidSyntaxException e) {
            return null;
        }
    }

    private void offer(Gateway gateway, String host) {
        if (account != null) {
            connection
                    .in()
                    .await(
                            gateway.caps().of(host),
                            caps -> {
                                connection.send(gateway.features().afterLogin(caps));
                                connection.enter(new Binding(connection, account, since));
                            },
                            this::unavailable);
        } else if (!connection.isSecure() && gateway.config().tlsRequired()) {
            connection.send(gateway.features().beforeTls());
            connection.enter(new Securing(connection, since));
        } else {
            connection
                    .in()
                    .await(
                            ask(gateway, host),
                            offer -> {
                                connection.send(gateway.features()
                                        .beforeLogin(!connection.isSecure(), offer.mechanisms(), offer.registration()));
                                connection.enter(new Authenticating(
                                        connection, offer.mechanisms().names(), offer.registration(), since));
                            },
                            this::unavailable);
        }
    }

    private Future<Offer> ask(Gateway gateway, String host) {
        SSLSession session = connection.tlsSession();
        List<String> bindings = session == null
                ? List.of()
                : ChannelBindings.types(session, gateway.config().tlsEngine());
        boolean certificate = session != null && gateway.clientAddresses(session) != null;
        Future<Boolean> registration = gateway.auth().registrationOpen(host);
        return gateway.auth()
                .mechanisms(new AuthRequest.OfferMechanisms(host, session != null, bindings, certificate))
                .compose(mechanisms -> registration.map(open -> new Offer(mechanisms, open)));
    }

    private void unavailable(Throwable failure) {
        String text = BusFailure.toStanzaError(failure).text();
        connection.fail(Condition.RESOURCE_CONSTRAINT, text == null ? "login is not possible now" : text);
    }

    @Override
    public void stanza(Stanza stanza) {
        throw new IllegalStateException("a parser gives no stanza before the stream header");
    }

    @Override
    public void badStanza(StreamEvent.BadStanza stanza) {
        throw new IllegalStateException("a parser gives no stanza before the stream header");
    }

    @Override
    public void nonza(Element element) {
        throw new IllegalStateException("a parser gives no element before the stream header");
    }

    @Override
    public void sweep(long now) {
        connection.gateway().limitLogin(connection, since, now);
    }
}
