package im.stanzabus.stanza.xml;

import im.stanzabus.stanza.StreamErrorException;

/// What stands between `&` and `;`, as a number so that nothing is kept for it. Only the five predefined entities and
/// character references are allowed (RFC 6120 section 11.1).
final class EntityReference {
    static final long EMPTY = 0;

    private static final long CHARACTER = '#';
    private static final long LT = pack("lt");
    private static final long GT = pack("gt");
    private static final long AMP = pack("amp");
    private static final long APOS = pack("apos");
    private static final long QUOT = pack("quot");

    private EntityReference() {}

    private static long pack(String name) {
        long packed = EMPTY;
        for (int i = 0; i < name.length(); i++) {
            packed = packed << 8 | name.charAt(i);
        }
        return packed;
    }

    /// The reference with one more byte. The number of a character is the strict reader's matter.
    static long plus(long reference, byte b) throws StreamErrorException {
        int kind = Bytes.kind(b);
        boolean number = b == '#' && reference == EMPTY;
        if (kind > Bytes.NAME && !number) {
            throw kind == Bytes.COLON ? Refusal.restricted() : Refusal.notWellFormed("& without ;");
        }
        if (reference == CHARACTER) {
            return reference;
        }
        if (reference >>> 32 != 0) {
            throw Refusal.restricted(); // longer than all that are allowed
        }
        return reference << 8 | (b & 0xff);
    }

    /// Judges the whole.
    static void end(long reference) throws StreamErrorException {
        if (reference == EMPTY) {
            throw Refusal.notWellFormed("& without a name");
        }
        boolean allowed = reference == CHARACTER
                || reference == LT
                || reference == GT
                || reference == AMP
                || reference == APOS
                || reference == QUOT;
        if (!allowed) {
            throw Refusal.restricted();
        }
    }
}
