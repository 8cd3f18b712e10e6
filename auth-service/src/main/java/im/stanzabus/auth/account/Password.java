package im.stanzabus.auth.account;

import com.ongres.scram.common.StringPreparation;
import java.text.Normalizer;
import org.jspecify.annotations.Nullable;
import rocks.xmpp.precis.PrecisProfiles;

/// A password that was checked and prepared. The text shows nowhere: not in logs, not in {@link #toString()}.
///
/// The OpaqueString profile (RFC 8265 section 4.2) decides what may be a password. SCRAM hashes are made of
/// the SASLprep form (RFC 5802 section 2.2), for that is what clients hash. Where SASLprep, which stopped at
/// Unicode
/// 3.2, knows no answer, the NFKC form is taken, as clients do that are built without its tables.
public final class Password {
    /// Characters that a password may have; a bound for the work that an unknown client can cause.
    public static final int MAX_LENGTH = 1024;

    private final String prepared;

    private Password(String prepared) {
        this.prepared = prepared;
    }

    /// The prepared password; null if the text cannot be one.
    public static @Nullable Password of(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return null;
        }
        String opaque;
        try {
            opaque = PrecisProfiles.OPAQUE_STRING.enforce(text);
        } catch (RuntimeException e) {
            return null;
        }
        if (opaque.isEmpty()) {
            return null;
        }
        String prepared = saslPrepared(opaque);
        return prepared.isEmpty() ? null : new Password(prepared);
    }

    private static String saslPrepared(String opaque) {
        try {
            return new String(StringPreparation.SASL_PREPARATION.normalize(opaque.toCharArray()));
        } catch (IllegalArgumentException e) {
            return Normalizer.normalize(opaque, Normalizer.Form.NFKC);
        }
    }

    char[] characters() {
        return prepared.toCharArray();
    }

    @Override
    public String toString() {
        return "(password)";
    }
}
