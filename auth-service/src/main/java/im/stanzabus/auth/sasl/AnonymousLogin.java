package im.stanzabus.auth.sasl;

import im.stanzabus.bus.api.SaslReply;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.HexFormat;

/// ANONYMOUS (RFC 4505, XEP-0175): an address that nobody can guess and that is stored nowhere. The trace
/// information that a client may send is ignored.
final class AnonymousLogin implements SaslLogin {
    private static final int NAME_BYTES = 16;

    private final SecureRandom random = new SecureRandom();

    @Override
    public Future<SaslReply> first(Attempt attempt, byte[] data) {
        byte[] name = new byte[NAME_BYTES];
        random.nextBytes(name);
        try {
            String localpart = HexFormat.of().formatHex(name);
            Jid account = Jid.prepared(localpart, attempt.host().domain(), null);
            return Future.succeededFuture(new SaslReply.Success(account, null));
        } catch (JidSyntaxException e) {
            throw new IllegalStateException("hexadecimal digits are a localpart", e);
        }
    }
}
