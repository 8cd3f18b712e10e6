package im.stanzabus.c2s;

import im.stanzabus.bus.api.AuthRequest.ChannelBinding;
import im.stanzabus.bus.api.AuthRequest.SaslChannel;
import im.stanzabus.bus.api.AuthRequest.SaslStep;
import im.stanzabus.bus.api.SaslReply;
import im.stanzabus.c2s.tls.ChannelBindings;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.StreamError;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// The SASL elements of a stream (RFC 6120 section 6.4): what a mechanism says is auth-service's matter.
final class SaslNegotiation {
    private static final String EMPTY = "=";

    /// An exchange that waits for the client's next response.
    private record Exchange(String mechanism, byte[] state) {}

    private final Connection connection;
    private final List<String> mechanisms;
    private final long since;
    private @Nullable Exchange exchange;
    private int failures;

    /// @param mechanisms those that were offered
    /// @param since when the connection began
    SaslNegotiation(Connection connection, List<String> mechanisms, long since) {
        this.connection = connection;
        this.mechanisms = mechanisms;
        this.since = since;
    }

    void received(Element element) {
        switch (element.name()) {
            case "auth" -> begin(element);
            case "response" -> respond(element);
            case "abort" -> fail("aborted", null);
            default -> connection.fail(StreamState.unsupported(element));
        }
    }

    private void begin(Element auth) {
        String mechanism = auth.attribute("mechanism");
        if (exchange != null) {
            fail("malformed-request", "an exchange is under way");
        } else if (mechanism == null || !mechanisms.contains(mechanism)) {
            fail("invalid-mechanism", null);
        } else {
            // RFC 6120 section 6.4.2: without data there is no initial response, "=" is an empty one
            step(mechanism, auth.text(), null, auth.text().isEmpty());
        }
    }

    private void respond(Element response) {
        Exchange current = exchange;
        if (current == null) {
            fail("malformed-request", "there was no challenge");
        } else {
            step(current.mechanism(), response.text(), current.state(), false);
        }
    }

    private void step(String mechanism, String text, byte @Nullable [] state, boolean absent) {
        byte[] data;
        try {
            data = absent
                    ? null
                    : text.equals(EMPTY) ? new byte[0] : Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            fail("incorrect-encoding", null);
            return;
        }
        connection
                .in()
                .await(
                        connection
                                .gateway()
                                .auth()
                                .step(new SaslStep(connection.host(), mechanism, data, state, channel(mechanism))),
                        reply -> answer(mechanism, reply),
                        _ -> fail("temporary-auth-failure", null));
    }

    private SaslChannel channel(String mechanism) {
        SSLSession session = connection.tlsSession();
        if (session == null) {
            return new SaslChannel(connection.address(), false, List.of(), List.of());
        }
        // without -PLUS too: what the stream could bind to tells a downgrade (RFC 5802 section 6)
        List<ChannelBinding> bindings = mechanism.startsWith("SCRAM-")
                ? ChannelBindings.of(session, connection.gateway().config().tlsEngine())
                : List.of();
        List<String> addresses = connection.gateway().clientAddresses(session);
        return new SaslChannel(connection.address(), true, bindings, addresses == null ? List.of() : addresses);
    }

    private void answer(String mechanism, SaslReply reply) {
        switch (reply) {
            case SaslReply.Challenge challenge -> {
                exchange = new Exchange(mechanism, challenge.state());
                connection.send(Element.text("challenge", Namespaces.SASL, encode(challenge.data())));
            }
            case SaslReply.Success success -> {
                byte[] data = success.data();
                connection.send(
                        data == null
                                ? Element.of("success", Namespaces.SASL)
                                : Element.text("success", Namespaces.SASL, encode(data)));
                connection.gateway().metrics().loggedIn();
                connection.authenticated(success.account(), since);
            }
            case SaslReply.Failure failure -> fail(failure.condition(), failure.text());
        }
    }

    private static String encode(byte[] data) {
        return data.length == 0 ? EMPTY : Base64.getEncoder().encodeToString(data);
    }

    /// The client may try again, though not for ever (RFC 6120 section 6.4.5).
    private void fail(String condition, @Nullable String text) {
        exchange = null;
        failures++;
        connection.gateway().metrics().loginFailed();
        connection.send(failure(condition, text));
        if (failures >= connection.gateway().config().limits().loginAttempts()) {
            connection.fail(StreamError.Condition.POLICY_VIOLATION, "too many failed logins");
        }
    }

    static Element failure(String condition, @Nullable String text) {
        Element.Builder failure =
                Element.builder("failure", Namespaces.SASL).child(Element.of(condition, Namespaces.SASL));
        if (text != null) {
            failure.child(Element.builder("text", Namespaces.SASL)
                    .attribute("xml:lang", "en")
                    .text(text)
                    .build());
        }
        return failure.build();
    }
}
