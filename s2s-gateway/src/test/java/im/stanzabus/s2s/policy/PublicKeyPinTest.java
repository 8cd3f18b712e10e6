package im.stanzabus.s2s.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PublicKeyPinTest {
    /// The Ed25519 key of RFC 8410 section 10.1, and what `openssl dgst -sha256` says of it.
    @Test
    void isTheHashOfTheKeyAsCertificatesHoldIt() throws Exception {
        byte[] der = HexFormat.of()
                .parseHex("302a300506032b657003210019bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1");
        PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));

        assertThat(PublicKeyPin.of(key))
                .isEqualTo(PublicKeyPin.parse("a1e9156054e04fac899ae9f275132cdc07a5dbc4ea2c2ad3a1ffc6e0d253681f"));
    }
}
