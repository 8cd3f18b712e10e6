package im.stanzabus.testkit;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What is asked by a DNS message (RFC 1035 section 4.1).
///
/// @param opcode 0 for a query
/// @param recursionDesired the flag that the answer repeats
/// @param name as it was written, without the dot at the end
/// @param section the question as on the wire, which the answer repeats
/// @param datagramBytes what the asker takes over UDP; 0 if the question does not speak EDNS (RFC 6891)
record DnsQuestion(
        int id,
        int opcode,
        boolean recursionDesired,
        String name,
        int type,
        int dnsClass,
        byte[] section,
        int datagramBytes) {
    private static final int QUERY_MASK = 0x8000;

    /// Null for what is no question with exactly one name.
    static @Nullable DnsQuestion read(byte[] message) {
        try {
            return read(ByteBuffer.wrap(message));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable DnsQuestion read(ByteBuffer in) {
        int id = unsigned(in);
        int flags = unsigned(in);
        int questions = unsigned(in);
        int others = unsigned(in) + unsigned(in);
        int additional = unsigned(in);
        if ((flags & QUERY_MASK) != 0 || questions != 1 || others != 0) {
            return null;
        }
        int begin = in.position();
        String name = name(in);
        int type = unsigned(in);
        int dnsClass = unsigned(in);
        byte[] section = new byte[in.position() - begin];
        in.get(begin, section);
        int datagramBytes = 0;
        for (int i = 0; i < additional; i++) {
            datagramBytes = Math.max(datagramBytes, datagramBytes(in));
        }
        return new DnsQuestion(
                id, flags >> 11 & 0xf, (flags & 0x100) != 0, name, type, dnsClass, section, datagramBytes);
    }

    /// What an additional record says of that; 0 if it is about something else.
    private static int datagramBytes(ByteBuffer in) {
        name(in);
        int type = unsigned(in);
        int size = unsigned(in);
        in.getInt();
        int length = unsigned(in);
        if (in.remaining() < length) {
            throw new BufferUnderflowException();
        }
        in.position(in.position() + length);
        return type == DnsRecordData.OPT ? Math.max(512, size) : 0;
    }

    /// A name without compression, which questions have no use for.
    private static String name(ByteBuffer in) {
        StringBuilder name = new StringBuilder();
        for (int length = in.get(); length != 0; length = in.get()) {
            if (length < 0 || length > 63) {
                throw new IllegalArgumentException("a pointer");
            }
            byte[] label = new byte[length];
            in.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.ISO_8859_1));
        }
        return name.toString();
    }

    private static int unsigned(ByteBuffer in) {
        return in.getShort() & 0xffff;
    }
}
