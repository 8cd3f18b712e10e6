package im.stanzabus.auth;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import im.stanzabus.bus.api.AuthRequest.ChannelBinding;
import im.stanzabus.bus.api.AuthRequest.SaslChannel;
import im.stanzabus.bus.api.AuthRequest.SaslStep;
import im.stanzabus.bus.api.SaslReply;
import im.stanzabus.stanza.Jid;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The client's side of logins, on one stream.
public final class LoginClient {
    public static final ChannelBinding EXPORTER = new ChannelBinding("tls-exporter", new byte[] {1, 2, 3, 4});
    public static final ChannelBinding END_POINT = new ChannelBinding("tls-server-end-point", new byte[] {5, 6});

    private final AuthServer server;
    private final SaslChannel channel;

    public LoginClient(AuthServer server, SaslChannel channel) {
        this.server = server;
        this.channel = channel;
    }

    /// A client on an encrypted stream with both channel bindings.
    public static LoginClient secure(AuthServer server, String address) {
        return new LoginClient(server, new SaslChannel(address, true, List.of(EXPORTER, END_POINT), List.of()));
    }

    /// A client on an encrypted stream without channel binding.
    public static LoginClient unbound(AuthServer server, String address) {
        return new LoginClient(server, new SaslChannel(address, true, List.of(), List.of()));
    }

    public SaslReply step(String host, String mechanism, byte[] data, byte[] state) {
        return server.ask(new SaslStep(host, mechanism, data, state, channel), SaslReply.class);
    }

    public SaslReply first(Jid account, String mechanism, String message) {
        return step(account.domain(), mechanism, message.getBytes(StandardCharsets.UTF_8), null);
    }

    public SaslReply plain(Jid account, String password) {
        return first(account, "PLAIN", "\0" + account.local() + '\0' + password);
    }

    public SaslReply scram(String mechanism, Jid account, String password) {
        ScramClient.FinalBuildStage builder = builder(mechanism, account, password);
        return exchange(
                (mechanism.endsWith("-PLUS") ? builder.channelBinding(EXPORTER.type(), EXPORTER.data()) : builder)
                        .build(),
                mechanism,
                account.domain());
    }

    public static ScramClient.FinalBuildStage builder(String mechanism, Jid account, String password) {
        return ScramClient.builder()
                .advertisedMechanisms(List.of(mechanism))
                .username(account.local())
                .password(password.toCharArray());
    }

    /// A whole exchange; a success is checked by the client.
    public SaslReply exchange(ScramClient client, String mechanism, String host) {
        SaslReply first =
                step(host, mechanism, bytes(client.clientFirstMessage().toString()), null);
        return first instanceof SaslReply.Challenge challenge ? finish(client, mechanism, host, challenge) : first;
    }

    public SaslReply finish(ScramClient client, String mechanism, String host, SaslReply.Challenge challenge) {
        try {
            client.serverFirstMessage(text(challenge.data()));
            SaslReply last =
                    step(host, mechanism, bytes(client.clientFinalMessage().toString()), challenge.state());
            if (last instanceof SaslReply.Success success) {
                client.serverFinalMessage(text(success.data()));
            }
            return last;
        } catch (ScramException e) {
            throw new AssertionError(e);
        }
    }

    /// The condition of a failure; `success` or `challenge` for the other replies.
    public static String outcome(SaslReply reply) {
        return switch (reply) {
            case SaslReply.Challenge _ -> "challenge";
            case SaslReply.Success _ -> "success";
            case SaslReply.Failure failure -> failure.condition();
        };
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static String text(byte[] data) {
        return new String(data, StandardCharsets.UTF_8);
    }
}
