package im.stanzabus.s2s.dns;

import io.netty.handler.codec.dns.DnsRecordType;

/// The kinds of records that are asked for.
enum RecordType {
    A(DnsRecordType.A),
    AAAA(DnsRecordType.AAAA),
    SRV(DnsRecordType.SRV);

    private final DnsRecordType wire;

    RecordType(DnsRecordType wire) {
        this.wire = wire;
    }

    DnsRecordType wire() {
        return wire;
    }
}
