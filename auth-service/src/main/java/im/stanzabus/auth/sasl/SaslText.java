package im.stanzabus.auth.sasl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Text in SASL messages: UTF-8, read strictly.
final class SaslText {
    private SaslText() {}

    static String decode(byte[] data) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString();
        } catch (CharacterCodingException e) {
            throw SaslRefusal.malformed("not UTF-8");
        }
    }

    /// A `saslname` (RFC 5802 section 5.1): comma and equals sign come as `=2C` and `=3D`.
    static String saslName(String encoded) {
        if (encoded.isEmpty()) {
            throw SaslRefusal.malformed("an empty name");
        }
        if (encoded.indexOf('=') < 0) {
            return encoded;
        }
        StringBuilder name = new StringBuilder(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c != '=') {
                name.append(c);
            } else if (encoded.startsWith("=2C", i)) {
                name.append(',');
                i += 2;
            } else if (encoded.startsWith("=3D", i)) {
                name.append('=');
                i += 2;
            } else {
                throw SaslRefusal.malformed("a name with a wrong escape");
            }
        }
        return name.toString();
    }
}
