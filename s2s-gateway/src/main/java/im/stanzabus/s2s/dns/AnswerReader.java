package im.stanzabus.s2s.dns;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Makes an {@link Answer} of what a name server has sent. Names in it come from whoever runs the domain, so
/// nothing is taken as a host name that is none.
final class AnswerReader {
    /// Letters, digits and hyphens (RFC 1123 section 2.1), and the underscore that some use all the same.
    private static final Pattern HOST_NAME =
            Pattern.compile("(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\\.[a-z0-9_]([a-z0-9_-]{0,62}))*");

    private static final int MAX_ALIASES = 8;
    private static final int MAX_RECORDS = 64;

    private final DnsResponse response;

    private AnswerReader(DnsResponse response) {
        this.response = response;
    }

    /// @param name what was asked for, in lower case, without the dot at its end
    /// @throws DnsFailure if it is no answer to the question
    static Answer read(DnsResponse response, String name, RecordType type) throws DnsFailure {
        DnsResponseCode code = response.code();
        if (code.intValue() != DnsResponseCode.NOERROR.intValue()
                && code.intValue() != DnsResponseCode.NXDOMAIN.intValue()) {
            throw new DnsFailure("says " + code);
        }
        if (response.isTruncated()) {
            throw new DnsFailure("sends an answer that is cut off, and does not send the rest over TCP");
        }
        try {
            return new AnswerReader(response).read(name, type);
        } catch (RuntimeException e) {
            throw new DnsFailure("sends an answer that cannot be read");
        }
    }

    private Answer read(String asked, RecordType type) {
        String name = asked;
        long ttl = Long.MAX_VALUE;
        for (int hops = 0; hops < MAX_ALIASES; hops++) {
            DnsRawRecord alias = first(DnsSection.ANSWER, name, DnsRecordType.CNAME);
            if (alias == null) {
                break;
            }
            name = name(alias.content().duplicate());
            ttl = Math.min(ttl, alias.timeToLive());
        }
        List<ResourceRecord> records = new ArrayList<>();
        for (DnsRawRecord record : all(DnsSection.ANSWER, name, type.wire())) {
            ResourceRecord data = data(record.content().duplicate(), type);
            if (data != null && records.size() < MAX_RECORDS) {
                records.add(data);
                ttl = Math.min(ttl, record.timeToLive());
            }
        }
        return records.isEmpty() ? new Answer(List.of(), negativeTtl()) : new Answer(List.copyOf(records), ttl);
    }

    /// Null for a record that cannot be used.
    private static @Nullable ResourceRecord data(ByteBuf content, RecordType type) {
        return switch (type) {
            case A, AAAA -> new ResourceRecord.Address(address(content));
            case SRV -> {
                int priority = content.readUnsignedShort();
                int weight = content.readUnsignedShort();
                int port = content.readUnsignedShort();
                String target = name(content);
                yield target.isEmpty() || HOST_NAME.matcher(target).matches()
                        ? new ResourceRecord.Srv(priority, weight, port, target)
                        : null;
            }
        };
    }

    private static InetAddress address(ByteBuf content) {
        byte[] bytes = new byte[content.readableBytes()];
        content.readBytes(bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /// RFC 2308 section 5: as long as the SOA record allows; not at all without one.
    private long negativeTtl() {
        List<DnsRawRecord> found = all(DnsSection.AUTHORITY, null, DnsRecordType.SOA);
        if (found.isEmpty()) {
            return 0;
        }
        DnsRawRecord soa = found.getFirst();
        ByteBuf content = soa.content().duplicate();
        DefaultDnsRecordDecoder.decodeName(content);
        DefaultDnsRecordDecoder.decodeName(content);
        content.skipBytes(4 * Integer.BYTES);
        return Math.min(soa.timeToLive(), content.readUnsignedInt());
    }

    private @Nullable DnsRawRecord first(DnsSection section, String name, DnsRecordType type) {
        List<DnsRawRecord> found = all(section, name, type);
        return found.isEmpty() ? null : found.getFirst();
    }

    /// @param name null for any
    private List<DnsRawRecord> all(DnsSection section, @Nullable String name, DnsRecordType type) {
        List<DnsRawRecord> found = new ArrayList<>();
        for (int i = 0; i < response.count(section); i++) {
            DnsRecord record = response.recordAt(section, i);
            if (record instanceof DnsRawRecord raw
                    && record.type().equals(type)
                    && record.dnsClass() == DnsRecord.CLASS_IN
                    && (name == null || plain(record.name()).equals(name))) {
                found.add(raw);
            }
        }
        return found;
    }

    private static String name(ByteBuf content) {
        return plain(DefaultDnsRecordDecoder.decodeName(content));
    }

    private static String plain(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
