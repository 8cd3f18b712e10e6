package im.stanzabus.auth.sasl;

import java.util.List;

/// A client's first SCRAM message (RFC 5802 section 7).
///
/// scram-common has a parser too, but one for clients: it encodes the name a second time and does not keep the
/// text that the proof is made of.
///
/// @param bare the message without the GS2 header, as the client sent it
record ScramClientFirst(Gs2Header gs2, String username, String nonce, String bare) {
    private static final int LONGEST_NONCE = 512;

    static ScramClientFirst parse(byte[] data) {
        String message = SaslText.decode(data);
        Gs2Header gs2 = Gs2Header.parse(message);
        String bare = message.substring(gs2.text().length());
        List<String> attributes = List.of(bare.split(",", -1));
        if (attributes.getFirst().startsWith("m=")) {
            throw SaslRefusal.malformed("mandatory extensions are not supported");
        }
        if (attributes.size() < 2 || !attributes.getFirst().startsWith("n=")) {
            throw SaslRefusal.malformed("no user name");
        }
        String username = SaslText.saslName(attributes.getFirst().substring(2));
        String nonce = nonce(attributes.get(1));
        attributes.subList(2, attributes.size()).forEach(ScramClientFirst::checkExtension);
        return new ScramClientFirst(gs2, username, nonce, bare);
    }

    private static String nonce(String attribute) {
        if (!attribute.startsWith("r=") || attribute.length() == 2 || attribute.length() > LONGEST_NONCE) {
            throw SaslRefusal.malformed("no nonce");
        }
        for (int i = 2; i < attribute.length(); i++) {
            if (attribute.charAt(i) <= ' ' || attribute.charAt(i) > '~') {
                throw SaslRefusal.malformed("a nonce that is not printable");
            }
        }
        return attribute.substring(2);
    }

    /// Extensions may follow; all but `m` are ignored, though the proof covers them.
    static void checkExtension(String attribute) {
        boolean named = attribute.length() > 2
                && attribute.charAt(1) == '='
                && Character.isLetter(attribute.charAt(0))
                && attribute.charAt(0) < 0x80
                && attribute.indexOf('\0') < 0;
        if (!named || attribute.charAt(0) == 'm') {
            throw SaslRefusal.malformed("an extension that is not supported");
        }
    }
}
