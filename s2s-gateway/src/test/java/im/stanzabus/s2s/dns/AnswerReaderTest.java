package im.stanzabus.s2s.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DefaultDnsResponse;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class AnswerReaderTest {
    private static final String NAME = "xmpp.capulet.example";
    private static final byte[] ALIAS = {4, 'h', 'o', 's', 't', 0};

    private static DnsResponse response(DnsRecord... answers) {
        DnsResponse response = new DefaultDnsResponse(1);
        for (DnsRecord answer : answers) {
            response.addRecord(DnsSection.ANSWER, answer);
        }
        return response;
    }

    private static DnsRecord record(String name, DnsRecordType type, long ttl, byte... data) {
        return new DefaultDnsRawRecord(name, type, ttl, Unpooled.wrappedBuffer(data));
    }

    private static Answer read(DnsResponse response, RecordType type) throws DnsFailure {
        try {
            return AnswerReader.read(response, NAME, type);
        } finally {
            response.release();
        }
    }

    private static ResourceRecord address(String literal) {
        return new ResourceRecord.Address(InetAddress.ofLiteral(literal));
    }

    @Example
    void recordsOfOtherNamesAndTypesAreNotTaken() throws DnsFailure {
        DnsResponse response = response(
                record("montague.example", DnsRecordType.A, 60, (byte) 192, (byte) 0, (byte) 2, (byte) 1),
                record(NAME, DnsRecordType.TXT, 60, (byte) 192, (byte) 0, (byte) 2, (byte) 2),
                record("XMPP.Capulet.example.", DnsRecordType.A, 60, (byte) 192, (byte) 0, (byte) 2, (byte) 3));

        assertThat(read(response, RecordType.A).records()).containsExactly(address("192.0.2.3"));
    }

    /// The shortest time on the way holds.
    @Example
    void anAliasCountsForHowLongTheAnswerHolds() throws DnsFailure {
        DnsResponse response = response(
                record("host", DnsRecordType.A, 600, (byte) 192, (byte) 0, (byte) 2, (byte) 1),
                record(NAME, DnsRecordType.CNAME, 30, ALIAS));

        Answer answer = read(response, RecordType.A);

        assertThat(answer.records()).containsExactly(address("192.0.2.1"));
        assertThat(answer.ttlSeconds()).isEqualTo(30);
    }

    @Example
    void withoutAnAuthorityNothingIsKnownOfHowLongThereIsNothing() throws DnsFailure {
        DnsResponse response = response();
        response.setCode(DnsResponseCode.NXDOMAIN);

        assertThat(read(response, RecordType.A)).isEqualTo(Answer.NONE);
    }

    @Example
    void whatIsCutOffIsNoAnswer() {
        DnsResponse response = response(record(NAME, DnsRecordType.A, 60, (byte) 192, (byte) 0, (byte) 2, (byte) 1));
        response.setTruncated(true);

        assertThatThrownBy(() -> read(response, RecordType.A)).isInstanceOf(DnsFailure.class);
    }

    @Example
    void refusalsAreNoAnswer() {
        DnsResponse response = response();
        response.setCode(DnsResponseCode.REFUSED);

        assertThatThrownBy(() -> read(response, RecordType.A))
                .isInstanceOf(DnsFailure.class)
                .hasMessage("says Refused(5)");
    }

    @Property
    void whateverARecordHoldsItIsAnAnswerOrAFailure(
            @ForAll @Size(max = 40) byte[] data, @ForAll @Size(max = 40) byte[] alias, @ForAll RecordType type) {
        DnsResponse response =
                response(record(NAME, type.wire(), 60, data), record(NAME, DnsRecordType.CNAME, 60, alias));
        response.addRecord(DnsSection.AUTHORITY, record("example", DnsRecordType.SOA, 60, data));
        try {
            for (ResourceRecord read : read(response, type).records()) {
                if (read instanceof ResourceRecord.Srv srv) {
                    assertThat(srv.target()).matches("[a-z0-9_.-]*");
                }
            }
        } catch (DnsFailure e) {
            assertThat(e).hasMessage("sends an answer that cannot be read");
        }
    }
}
