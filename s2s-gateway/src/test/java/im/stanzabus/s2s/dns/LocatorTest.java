package im.stanzabus.s2s.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocatorTest {
    private static final String PLAIN = "_xmpp-server._tcp.capulet.example";
    private static final String DIRECT = "_xmpps-server._tcp.capulet.example";
    private static final ResourceRecord NOT_OFFERED = new ResourceRecord.Srv(0, 0, 0, "");

    private final FakeDns dns = new FakeDns();
    private final Locator locator = new Locator(dns, new Random(1));

    private static ResourceRecord srv(int priority, int port, String target) {
        return new ResourceRecord.Srv(priority, 0, port, target);
    }

    private Location locate(String domain) {
        Future<Location> found = locator.locate(domain);
        assertThat(found.succeeded()).isTrue();
        return found.result();
    }

    private static Location served(Target... targets) {
        return new Location.Served(List.of(targets));
    }

    /// XEP-0368 section 3, rule 1.
    @Test
    void bothKindsOfRecordsAreMixedByPriority() {
        dns.says(PLAIN, RecordType.SRV, 60, srv(30, 5269, "c.example"), srv(10, 5269, "a.example"));
        dns.says(DIRECT, RecordType.SRV, 60, srv(40, 443, "d.example"), srv(20, 5270, "b.example"));

        assertThat(locate("capulet.example"))
                .isEqualTo(served(
                        new Target("a.example", 5269, false),
                        new Target("b.example", 5270, true),
                        new Target("c.example", 5269, false),
                        new Target("d.example", 443, true)));
    }

    /// RFC 6120 section 3.2.2.
    @Test
    void withoutRecordsTheDomainItselfIsTried() {
        assertThat(locate("capulet.example")).isEqualTo(served(new Target("capulet.example", 5269, false)));
        assertThat(dns.asked).containsExactlyInAnyOrder("SRV " + PLAIN, "SRV " + DIRECT);
    }

    /// RFC 2782: "A Target of "." means that the service is decidedly not available at this domain."
    @Test
    void aDomainMaySayThatItHasNoService() {
        dns.says(PLAIN, RecordType.SRV, 60, NOT_OFFERED);

        assertThat(locate("capulet.example")).isInstanceOf(Location.NotServed.class);
    }

    /// XEP-0368 section 5: the other kind is looked at, and the domain itself is not.
    @Test
    void directTlsMayBeWhatIsNotOffered() {
        dns.says(DIRECT, RecordType.SRV, 60, NOT_OFFERED);
        assertThat(locate("capulet.example")).isInstanceOf(Location.NotServed.class);

        dns.says(PLAIN, RecordType.SRV, 60, srv(1, 5269, "a.example"));
        assertThat(locate("capulet.example")).isEqualTo(served(new Target("a.example", 5269, false)));
    }

    @Test
    void onePartOfTheAnswerIsEnough() {
        dns.fails(DIRECT, RecordType.SRV, "192.0.2.53:53 says SERVFAIL(2)");
        dns.says(PLAIN, RecordType.SRV, 60, srv(1, 5269, "a.example"));

        assertThat(locate("capulet.example")).isEqualTo(served(new Target("a.example", 5269, false)));
    }

    /// Else whoever can suppress an answer could choose where the domain is served.
    @Test
    void theDomainItselfIsNotTriedWhenAnAnswerIsMissing() {
        dns.fails(PLAIN, RecordType.SRV, "192.0.2.53:53 does not answer");

        assertThat(locate("capulet.example")).isEqualTo(new Location.Unknown("DNS: 192.0.2.53:53 does not answer"));
    }

    @Test
    void bothAnswersAreWaitedFor() {
        dns.says(PLAIN, RecordType.SRV, 60, srv(2, 5269, "a.example"));
        Promise<Answer> late = dns.waits(DIRECT, RecordType.SRV);

        Future<Location> found = locator.locate("capulet.example");
        assertThat(found.isComplete()).isFalse();
        late.complete(new Answer(List.of(srv(1, 443, "b.example")), 60));

        assertThat(found.result())
                .isEqualTo(served(new Target("b.example", 443, true), new Target("a.example", 5269, false)));
    }

    /// RFC 7622 section 3.2: a domainpart may be an address.
    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1", "[::1], ::1", "[2001:db8::7], 2001:db8::7"})
    void addressesAreConnectedToDirectly(String domain, String host) {
        assertThat(locate(domain)).isEqualTo(served(new Target(host, 5269, false)));
        assertThat(dns.asked).isEmpty();
    }

    @Test
    void internationalDomainsAreLookedUpAsALabels() {
        assertThat(locate("b\u00fccher.example")).isEqualTo(served(new Target("xn--bcher-kva.example", 5269, false)));
        assertThat(dns.asked).contains("SRV _xmpp-server._tcp.xn--bcher-kva.example");
    }

    @Test
    void namesThatDnsCannotHoldAreNotAskedFor() {
        String label = "a".repeat(63);
        String longest = (label + '.').repeat(3) + "a".repeat(61);

        assertThat(locate(longest)).isEqualTo(served(new Target(longest, 5269, false)));
        assertThat(locate(longest + "a")).isInstanceOf(Location.NotServed.class);
        assertThat(dns.asked).isEmpty();
    }

    @Test
    void noMoreTargetsAreTakenThanCanBeTried() {
        ResourceRecord[] many = new ResourceRecord[60];
        for (int i = 0; i < many.length; i++) {
            many[i] = srv(i, 5269, "host" + i + ".example");
        }
        dns.says(PLAIN, RecordType.SRV, 60, many);

        assertThat(locate("capulet.example"))
                .isInstanceOfSatisfying(
                        Location.Served.class,
                        served -> assertThat(served.targets())
                                .hasSize(16)
                                .startsWith(new Target("host0.example", 5269, false)));
    }

    @Test
    void recordsThatLeadNowhereAreLeftOut() {
        dns.says(PLAIN, RecordType.SRV, 60, srv(1, 0, "zero.example"), srv(2, 5269, "a.example"));

        assertThat(locate("capulet.example")).isEqualTo(served(new Target("a.example", 5269, false)));
    }
}
