package im.stanzabus.bus.api;

import im.stanzabus.stanza.Jid;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// The ids of an account's log as clients see them: as stanza ids (XEP-0359) and as ids of the archive, which
/// must not let anybody tell the next one or how many there are (XEP-0313 section 3, XEP-0359 section 6). Each
/// is one block under a key of the installation, made of the number and the account: so an id that was made
/// up, or is another account's, is recognised. Not safe for use by several threads.
public final class StanzaIds {
    private static final int BLOCK = 16;
    private static final String CIPHER = "AES";

    /// The blocks are all different: the mode has nothing to hide.
    private static final String ONE_BLOCK = "AES/ECB/NoPadding";

    private static final Base64.Encoder WRITER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder READER = Base64.getUrlDecoder();
    private static final int CHARACTERS = 22;

    private final Cipher sealer;
    private final Cipher opener;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK);
    private final byte[] sealed = new byte[BLOCK];

    public StanzaIds(SecretKey key) {
        sealer = cipher(Cipher.ENCRYPT_MODE, key);
        opener = cipher(Cipher.DECRYPT_MODE, key);
    }

    /// A key.
    ///
    /// @param bytes 16 of them
    public static SecretKey key(byte[] bytes) {
        return new SecretKeySpec(bytes, CIPHER);
    }

    /// A key that nobody else has.
    public static SecretKey newKey() {
        byte[] bytes = new byte[BLOCK];
        new SecureRandom().nextBytes(bytes);
        return key(bytes);
    }

    /// What stands for an account in its ids.
    public static long tag(Jid account) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(account.bare().toString().getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The id of an entry.
    ///
    /// @param account its {@link #tag}
    public String write(long account, long id) {
        block.putLong(0, account).putLong(Long.BYTES, id);
        apply(sealer, block.array(), sealed);
        return WRITER.encodeToString(sealed);
    }

    /// The entry that has an id; 0 if none of the account can have it.
    ///
    /// @param account its {@link #tag}
    public long read(long account, String text) {
        byte[] bytes = bytes(text);
        if (bytes.length != BLOCK) {
            return 0;
        }
        apply(opener, bytes, block.array());
        long id = block.getLong(Long.BYTES);
        return block.getLong(0) == account && id > 0 ? id : 0;
    }

    /// Nothing for what {@link #write} does not write.
    private static byte[] bytes(String text) {
        if (text.length() == CHARACTERS) {
            try {
                byte[] bytes = READER.decode(text);
                if (WRITER.encodeToString(bytes).equals(text)) {
                    return bytes;
                }
            } catch (IllegalArgumentException _) {
                // other characters
            }
        }
        return new byte[0];
    }

    private static Cipher cipher(int mode, SecretKey key) {
        try {
            Cipher cipher = Cipher.getInstance(ONE_BLOCK);
            cipher.init(mode, key);
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no key for ids", e);
        }
    }

    private static void apply(Cipher cipher, byte[] from, byte[] to) {
        try {
            cipher.doFinal(from, 0, BLOCK, to, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
