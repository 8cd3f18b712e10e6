package im.stanzabus.auth.sasl;

import java.util.Base64;
import java.util.List;

/// A client's final SCRAM message (RFC 5802 section 7).
///
/// @param bindingInput the GS2 header again, and the channel-binding data
/// @param nonce the client's part and the server's part
/// @param withoutProof the message up to the proof, as the client sent it
record ScramClientFinal(byte[] bindingInput, String nonce, byte[] proof, String withoutProof) {

    static ScramClientFinal parse(byte[] data) {
        String message = SaslText.decode(data);
        List<String> attributes = List.of(message.split(",", -1));
        int last = attributes.size() - 1;
        if (last < 2) {
            throw SaslRefusal.malformed("not a final message");
        }
        byte[] binding = base64("c=", attributes.getFirst());
        String nonce = attributes.get(1);
        if (!nonce.startsWith("r=")) {
            throw SaslRefusal.malformed("no nonce");
        }
        attributes.subList(2, last).forEach(ScramClientFirst::checkExtension);
        String proof = attributes.getLast();
        String withoutProof = message.substring(0, message.length() - proof.length() - 1);
        return new ScramClientFinal(binding, nonce.substring(2), base64("p=", proof), withoutProof);
    }

    private static byte[] base64(String name, String attribute) {
        if (!attribute.startsWith(name) || attribute.length() == name.length()) {
            throw SaslRefusal.malformed("no attribute " + name.charAt(0));
        }
        try {
            return Base64.getDecoder().decode(attribute.substring(name.length()));
        } catch (IllegalArgumentException e) {
            throw SaslRefusal.malformed("attribute " + name.charAt(0) + " is not Base64");
        }
    }
}
