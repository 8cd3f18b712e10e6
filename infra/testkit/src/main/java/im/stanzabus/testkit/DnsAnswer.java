package im.stanzabus.testkit;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes what a {@link DnsServer} answers (RFC 1035 section 4).
final class DnsAnswer {
    private static final int RESPONSE = 0x8000;
    private static final int AUTHORITATIVE = 0x0400;
    private static final int TRUNCATED = 0x0200;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int RECURSION_AVAILABLE = 0x0080;

    private static final int NO_ERROR = 0;
    private static final int FORMAT_ERROR = 1;
    private static final int SERVER_FAILURE = 2;
    private static final int NO_SUCH_NAME = 3;
    private static final int NOT_IMPLEMENTED = 4;
    private static final int REFUSED = 5;

    private static final int CLASS_IN = 1;
    private static final int HEADER = 12;

    /// Where the name of the question is.
    private static final int POINTER_TO_QUESTION = 0xc000 | HEADER;

    /// Without EDNS (RFC 1035 section 4.2.1), and what we take ourselves with it.
    private static final int PLAIN_DATAGRAM = 512;

    private static final int OWN_DATAGRAM = 4_096;

    private final DnsQuestion question;
    private final int ttl;

    private DnsAnswer(DnsQuestion question, int ttl) {
        this.question = question;
        this.ttl = ttl;
    }

    /// The answer to a message; null for none.
    ///
    /// @param note told of each question
    static byte @Nullable [] to(byte[] message, DnsZone zone, boolean tcp, Consumer<DnsQuestion> note) {
        DnsQuestion question = DnsQuestion.read(message);
        if (question == null) {
            return broken(message);
        }
        note.accept(question);
        DnsZone.Fault fault = zone.fault(question.name());
        DnsAnswer answer = new DnsAnswer(question, zone.ttl());
        if (fault == DnsZone.Fault.SILENT) {
            return null;
        }
        if (fault == DnsZone.Fault.FAILURE) {
            return answer.write(SERVER_FAILURE, List.of(), false);
        }
        if (question.opcode() != 0) {
            return answer.write(NOT_IMPLEMENTED, List.of(), false);
        }
        if (question.dnsClass() != CLASS_IN) {
            return answer.write(REFUSED, List.of(), false);
        }
        DnsZone.Lookup lookup = zone.find(question.name(), question.type());
        byte[] whole = answer.write(lookup.exists() ? NO_ERROR : NO_SUCH_NAME, lookup.records(), false);
        boolean fits = tcp || whole.length <= Math.max(PLAIN_DATAGRAM, question.datagramBytes());
        return fits && (tcp || fault != DnsZone.Fault.TRUNCATED) ? whole : answer.write(NO_ERROR, List.of(), true);
    }

    /// Says that a question is not understood; null if it has not even a number, or is an answer.
    private static byte @Nullable [] broken(byte[] message) {
        if (message.length < HEADER || (message[2] & 0x80) != 0) {
            return null;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(message, 0, 2);
        DnsRecordData.writeShort(out, RESPONSE | FORMAT_ERROR);
        out.writeBytes(new byte[8]);
        return out.toByteArray();
    }

    private byte[] write(int code, List<DnsZone.Found> records, boolean truncated) {
        boolean negative = !truncated
                && (code == NO_SUCH_NAME || code == NO_ERROR)
                && records.stream().noneMatch(found -> isAskedFor(found.data()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DnsRecordData.writeShort(out, question.id());
        DnsRecordData.writeShort(
                out,
                RESPONSE
                        | question.opcode() << 11
                        | AUTHORITATIVE
                        | (truncated ? TRUNCATED : 0)
                        | (question.recursionDesired() ? RECURSION_DESIRED : 0)
                        | RECURSION_AVAILABLE
                        | code);
        DnsRecordData.writeShort(out, 1);
        DnsRecordData.writeShort(out, records.size());
        DnsRecordData.writeShort(out, negative ? 1 : 0);
        DnsRecordData.writeShort(out, question.datagramBytes() > 0 ? 1 : 0);
        out.writeBytes(question.section());
        records.forEach(found -> writeRecord(out, found));
        if (negative) {
            writeRecord(out, new DnsZone.Found(".", DnsRecordData.authority(ttl)));
        }
        if (question.datagramBytes() > 0) {
            writeExtension(out);
        }
        return out.toByteArray();
    }

    private boolean isAskedFor(DnsRecordData data) {
        return data.type() == question.type() || question.type() == DnsRecordData.ANY;
    }

    private void writeRecord(ByteArrayOutputStream out, DnsZone.Found found) {
        if (found.owner().equalsIgnoreCase(question.name())) {
            DnsRecordData.writeShort(out, POINTER_TO_QUESTION);
        } else {
            DnsRecordData.writeName(out, found.owner());
        }
        DnsRecordData.writeShort(out, found.data().type());
        DnsRecordData.writeShort(out, CLASS_IN);
        DnsRecordData.writeInt(out, ttl);
        DnsRecordData.writeShort(out, found.data().data().length);
        out.writeBytes(found.data().data());
    }

    /// The OPT record (RFC 6891 section 6.1.2).
    private static void writeExtension(ByteArrayOutputStream out) {
        out.write(0);
        DnsRecordData.writeShort(out, DnsRecordData.OPT);
        DnsRecordData.writeShort(out, OWN_DATAGRAM);
        DnsRecordData.writeInt(out, 0);
        DnsRecordData.writeShort(out, 0);
    }
}
