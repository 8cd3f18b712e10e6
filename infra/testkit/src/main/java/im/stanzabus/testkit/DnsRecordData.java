package im.stanzabus.testkit;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/// The type of a DNS record and its data as on the wire (RFC 1035 section 3, RFC 2782, RFC 3596).
record DnsRecordData(int type, byte[] data) {
    static final int A = 1;
    static final int CNAME = 5;
    static final int SOA = 6;
    static final int AAAA = 28;
    static final int SRV = 33;
    static final int OPT = 41;
    static final int ANY = 255;

    static DnsRecordData address(InetAddress address) {
        byte[] bytes = address.getAddress();
        return new DnsRecordData(bytes.length == 4 ? A : AAAA, bytes);
    }

    static DnsRecordData service(int priority, int weight, int port, String target) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writeShort(out, priority);
        writeShort(out, weight);
        writeShort(out, port);
        writeName(out, target);
        return new DnsRecordData(SRV, out.toByteArray());
    }

    static DnsRecordData alias(String target) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writeName(out, target);
        return new DnsRecordData(CNAME, out.toByteArray());
    }

    /// The start of authority of the root, which is what a negative answer is held against (RFC 2308).
    static DnsRecordData authority(int ttl) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writeName(out, "ns.invalid");
        writeName(out, "nobody.invalid");
        for (int number : new int[] {1, 3_600, 600, 86_400, ttl}) {
            writeInt(out, number);
        }
        return new DnsRecordData(SOA, out.toByteArray());
    }

    static String typeName(int type) {
        return switch (type) {
            case A -> "A";
            case CNAME -> "CNAME";
            case SOA -> "SOA";
            case AAAA -> "AAAA";
            case SRV -> "SRV";
            case ANY -> "ANY";
            default -> "TYPE" + type; // RFC 3597 section 5
        };
    }

    static void writeShort(ByteArrayOutputStream out, int value) {
        out.write(value >> 8);
        out.write(value);
    }

    static void writeInt(ByteArrayOutputStream out, int value) {
        writeShort(out, value >>> 16);
        writeShort(out, value);
    }

    /// A domain name, not compressed.
    static void writeName(ByteArrayOutputStream out, String name) {
        for (String label : name.split("\\.")) {
            byte[] bytes = label.getBytes(StandardCharsets.ISO_8859_1);
            if (bytes.length == 0 || bytes.length > 63) {
                throw new IllegalArgumentException("not a domain name: " + name);
            }
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        out.write(0);
    }
}
