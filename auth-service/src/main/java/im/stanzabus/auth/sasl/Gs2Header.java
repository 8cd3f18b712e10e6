package im.stanzabus.auth.sasl;

import org.jspecify.annotations.Nullable;

/// The `gs2-header` at the start of a client's first SCRAM message (RFC 5802 section 7).
///
/// @param flag what the client says about channel binding
/// @param binding the channel-binding type; present exactly for REQUIRED
/// @param authzid the authorization identity; null when the client gave none
/// @param text as the client sent it, both commas included
record Gs2Header(
        Flag flag, @Nullable String binding, @Nullable String authzid, String text) {
    enum Flag {
        /// `n`: the client has no channel binding.
        UNSUPPORTED,
        /// `y`: the client has it and believes that the server has not.
        NOT_OFFERED,
        /// `p=`: the client binds the login to the channel.
        REQUIRED
    }

    /// Reads the header; what follows it is ignored.
    static Gs2Header parse(String message) {
        int first = message.indexOf(',');
        int second = message.indexOf(',', first + 1);
        if (first < 0 || second < 0) {
            throw SaslRefusal.malformed("no GS2 header");
        }
        String flagText = message.substring(0, first);
        String authzid = authzid(message.substring(first + 1, second));
        String text = message.substring(0, second + 1);
        return switch (flagText) {
            case "n" -> new Gs2Header(Flag.UNSUPPORTED, null, authzid, text);
            case "y" -> new Gs2Header(Flag.NOT_OFFERED, null, authzid, text);
            default -> new Gs2Header(Flag.REQUIRED, bindingType(flagText), authzid, text);
        };
    }

    private static @Nullable String authzid(String attribute) {
        if (attribute.isEmpty()) {
            return null;
        }
        if (!attribute.startsWith("a=")) {
            throw SaslRefusal.malformed("not an authorization identity in the GS2 header");
        }
        return SaslText.saslName(attribute.substring(2));
    }

    private static String bindingType(String flag) {
        if (!flag.startsWith("p=") || flag.length() == 2) {
            throw SaslRefusal.malformed("a wrong channel-binding flag");
        }
        for (int i = 2; i < flag.length(); i++) {
            char c = flag.charAt(i);
            boolean allowed =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
            if (!allowed) {
                throw SaslRefusal.malformed("a wrong channel-binding type");
            }
        }
        return flag.substring(2);
    }
}
