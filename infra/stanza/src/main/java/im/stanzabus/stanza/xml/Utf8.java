package im.stanzabus.stanza.xml;

import im.stanzabus.stanza.StreamErrorException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF; nor U+FFFE and U+FFFF, which XML
/// forbids.
final class Utf8 {
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8() {}

    /// @throws StreamErrorException `unsupported-encoding` (RFC 6120 section 4.9.3.22) for bytes that are not UTF-8,
    ///     `not-well-formed` for a character that is not one of XML's
    static void check(byte[] bytes, int from, int to) throws StreamErrorException {
        int at = from;
        while (at + 8 <= to && ((long) EIGHT.get(bytes, at) & HIGH_BITS) == 0) {
            at += 8;
        }
        while (at < to) {
            at = bytes[at] >= 0 ? at + 1 : sequence(bytes, at, to);
        }
    }

    private static int sequence(byte[] bytes, int at, int to) throws StreamErrorException {
        int first = bytes[at] & 0xff;
        int length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
        if (length == 0 || at + length > to) {
            throw Refusal.encoding();
        }
        int second = bytes[at + 1] & 0xff;
        int lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < lowest || second > highest) {
            throw Refusal.encoding();
        }
        for (int i = 2; i < length; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                throw Refusal.encoding();
            }
        }
        if (first == 0xef && second == 0xbf && (bytes[at + 2] & 0xff) >= 0xbe) {
            throw Refusal.notWellFormed("a character that is not allowed in XML");
        }
        return at + length;
    }
}
