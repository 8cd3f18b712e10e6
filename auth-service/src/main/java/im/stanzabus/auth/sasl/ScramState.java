package im.stanzabus.auth.sasl;

import im.stanzabus.stanza.Jid;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What the server remembers between the two steps of SCRAM.
///
/// @param known false if the account does not exist and the keys are made up
/// @param gs2Header as the client sent it
/// @param clientFirstBare the client's first message after the GS2 header
/// @param serverFirst the challenge
record ScramState(
        Jid account,
        boolean known,
        byte[] storedKey,
        byte[] serverKey,
        String gs2Header,
        String clientFirstBare,
        String serverFirst) {

    byte[] encode() {
        byte[][] parts = {
            new byte[] {(byte) (known ? 1 : 0)},
            account.toString().getBytes(StandardCharsets.UTF_8),
            storedKey,
            serverKey,
            gs2Header.getBytes(StandardCharsets.UTF_8),
            clientFirstBare.getBytes(StandardCharsets.UTF_8),
            serverFirst.getBytes(StandardCharsets.UTF_8)
        };
        int size = 0;
        for (byte[] part : parts) {
            size += Integer.BYTES + part.length;
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        for (byte[] part : parts) {
            out.putInt(part.length).put(part);
        }
        return out.array();
    }

    /// Reads what {@link #encode} wrote; the seal around it has proved that it did.
    static ScramState decode(byte[] encoded) {
        ByteBuffer in = ByteBuffer.wrap(encoded);
        boolean known = next(in)[0] == 1;
        return new ScramState(Jid.of(text(in)), known, next(in), next(in), text(in), text(in), text(in));
    }

    /// Both nonces, from the challenge.
    String nonce() {
        return serverFirst.substring("r=".length(), serverFirst.indexOf(','));
    }

    private static String text(ByteBuffer in) {
        return new String(next(in), StandardCharsets.UTF_8);
    }

    private static byte[] next(ByteBuffer in) {
        byte[] part = new byte[in.getInt()];
        in.get(part);
        return part;
    }
}
