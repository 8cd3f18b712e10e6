package im.stanzabus.session.iq;

import static im.stanzabus.session.iq.Questions.JULIET;
import static im.stanzabus.session.iq.Questions.answer;
import static im.stanzabus.session.iq.Questions.question;
import static im.stanzabus.session.iq.Questions.refusal;
import static im.stanzabus.session.iq.Questions.xml;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.IqAccess;
import im.stanzabus.bus.LocalMembership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceDescriptor.ServedDomain;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.api.CapsRequest;
import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.session.iq.ContactAddresses.Role;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.VerificationString;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// XEP-0030 with XEP-0115, XEP-0128 and XEP-0157.
class ServiceDiscoveryTest {
    private final ServiceRegistry services = new ServiceRegistry(new LocalMembership(new NodeId("n1"), "test"));
    private final ServerDisco disco = new ServerDisco(
            new IqSettings(
                    List.of("capulet.example", "sub.capulet.example", "montague.example"),
                    "1.2.3",
                    null,
                    Map.of(
                            "montague.example",
                            new ContactAddresses(Map.of(
                                    Role.SUPPORT, List.of("https://montague.example/support"),
                                    Role.ABUSE, List.of("mailto:abuse@montague.example", "xmpp:abuse@montague.example"),
                                    Role.SALES, List.of()))),
                    true,
                    true,
                    account -> account.toString().startsWith("anon-"),
                    account -> account.toString().endsWith("@capulet.example")),
            List.of(new PingProcessor(), new VersionProcessor("1.2.3", null), new LegacySessionProcessor()),
            services::living);
    private final IqProcessor info = new DiscoInfoProcessor(disco);
    private final IqProcessor items = new DiscoItemsProcessor(disco);
    private final ServerCaps caps = new ServerCaps(disco);

    /// XEP-0030 section 3.1.
    @Test
    void aHostTellsWhatItsProcessorsCan() {
        assertThat(answer(info, infoOf("capulet.example"))).isEqualTo(xml("""
                <query xmlns='http://jabber.org/protocol/disco#info'>
                  <identity category='server' type='im' name='Stanzabus'/>
                  <feature var='http://jabber.org/protocol/caps'/>
                  <feature var='http://jabber.org/protocol/disco#info'/>
                  <feature var='http://jabber.org/protocol/disco#items'/>
                  <feature var='jabber:iq:version'/>
                  <feature var='urn:xmpp:ping'/>
                </query>
                """));
    }

    /// What a service announces is there while it lives, once even if two announce it.
    @Test
    void aHostTellsWhatLivingServicesCan() {
        ServiceDescriptor profile = ServiceDescriptor.internal("profile-service", "1", true)
                .withFeatures(List.of("vcard-temp", "jabber:iq:private"), List.of("vcard-temp"));
        ServiceDescriptor other =
                ServiceDescriptor.internal("other", "1", false).withFeatures(List.of("vcard-temp"), List.of());
        Element before = answer(info, infoOf("capulet.example"));
        services.announce(profile);
        services.announce(other);
        assertThat(features(answer(info, infoOf("capulet.example"))))
                .containsExactly(
                        "http://jabber.org/protocol/caps",
                        "http://jabber.org/protocol/disco#info",
                        "http://jabber.org/protocol/disco#items",
                        "jabber:iq:private",
                        "jabber:iq:version",
                        "urn:xmpp:ping",
                        "vcard-temp");
        services.withdraw(profile);
        services.withdraw(other);
        assertThat(answer(info, infoOf("capulet.example"))).isEqualTo(before);
    }

    /// XEP-0157 section 3, in a form as XEP-0128 wants it.
    @Test
    void aHostTellsWhoIsBehindIt() {
        assertThat(answer(info, infoOf("montague.example")).children()).last().isEqualTo(xml("""
                <x xmlns='jabber:x:data' type='result'>
                  <field var='FORM_TYPE' type='hidden'><value>http://jabber.org/network/serverinfo</value></field>
                  <field var='abuse-addresses' type='list-multi'>
                    <value>mailto:abuse@montague.example</value><value>xmpp:abuse@montague.example</value>
                  </field>
                  <field var='support-addresses' type='list-multi'><value>https://montague.example/support</value></field>
                </x>
                """));
        assertThat(answer(info, infoOf("capulet.example")).child("x", "jabber:x:data"))
                .isNull();
    }

    /// XEP-0115 section 6.2: the node of the capabilities; XEP-0030 section 3.2: the answer repeats
    /// the node.
    @Test
    void theNodeOfTheCapabilitiesIsTheHostItself() {
        CapsRequest.Caps said = Questions.await(caps.answer(new CapsRequest("capulet.example")));
        Element plain = answer(info, infoOf("capulet.example"));
        Element withNode = answer(info, question("""
                <iq xmlns='jabber:client' type='get' id='1' to='capulet.example'>
                  <query xmlns='http://jabber.org/protocol/disco#info' node='%s#%s'/>
                </iq>
                """.formatted(said.node(), said.ver()), IqTarget.HOST));
        assertThat(withNode.attribute("node")).isEqualTo(said.node() + '#' + said.ver());
        assertThat(withNode.content()).isEqualTo(plain.content());
        assertThat(VerificationString.ver(withNode)).isEqualTo(said.ver());
    }

    /// A client may ask with a hash that is no longer ours; it must not be left without an answer.
    @Test
    void aHashOfEarlierIsAnsweredWithWhatIsNow() {
        String earlier =
                Questions.await(caps.answer(new CapsRequest("capulet.example"))).ver();
        services.announce(ServiceDescriptor.internal("new", "1", false).withFeatures(List.of("urn:new"), List.of()));
        Element answer = answer(info, question("""
                <iq xmlns='jabber:client' type='get' id='1' to='capulet.example'>
                  <query xmlns='http://jabber.org/protocol/disco#info' node='https://stanzabus.im#%s'/>
                </iq>
                """.formatted(earlier), IqTarget.HOST));
        assertThat(features(answer)).contains("urn:new");
        assertThat(VerificationString.ver(answer)).isNotEqualTo(earlier);
    }

    /// XEP-0115 section 6.3.
    @Test
    void theCapabilitiesFollowTheServicesAndTheHost() {
        String before = ver("capulet.example");
        assertThat(ver("capulet.example")).isEqualTo(before);
        assertThat(ver("sub.capulet.example")).as("the same features").isEqualTo(before);
        assertThat(ver("montague.example")).as("its form counts").isNotEqualTo(before);
        ServiceDescriptor joined =
                ServiceDescriptor.internal("new", "1", false).withFeatures(List.of("urn:new"), List.of());
        services.announce(joined);
        assertThat(ver("capulet.example")).isNotEqualTo(before);
        services.withdraw(joined);
        assertThat(ver("capulet.example")).isEqualTo(before);
        assertThat(refusal(caps.answer(new CapsRequest("verona.example")))).isEqualTo(Condition.ITEM_NOT_FOUND);
    }

    @Test
    void nothingIsComputedTwice() {
        assertThat(disco.host("capulet.example")).isSameAs(disco.host("capulet.example"));
        services.announce(ServiceDescriptor.internal("a", "1", false));
        ServerDisco.HostInfo first = disco.host("capulet.example");
        assertThat(disco.host("capulet.example")).isSameAs(first);
    }

    /// XEP-0030 section 3.1: account/registered.
    @ParameterizedTest
    @CsvSource({
        "OWN, ''",
        "OWN, to='juliet@capulet.example'",
        "SUBSCRIBED, from='romeo@montague.example/orchard' to='juliet@capulet.example'"
    })
    void anAccountTellsWhatItCan(IqTarget target, String addresses) {
        services.announce(ServiceDescriptor.internal("profile-service", "1", true)
                .withFeatures(List.of("jabber:iq:private"), List.of("vcard-temp")));
        assertThat(info.targets()).contains(target);
        assertThat(answer(info, question("""
                <iq xmlns='jabber:client' type='get' id='info2' %s>
                  <query xmlns='http://jabber.org/protocol/disco#info'/>
                </iq>
                """.formatted(addresses), target))).isEqualTo(xml("""
                <query xmlns='http://jabber.org/protocol/disco#info'>
                  <identity category='account' type='registered'/>
                  <feature var='http://jabber.org/protocol/disco#info'/>
                  <feature var='http://jabber.org/protocol/disco#items'/>
                  <feature var='vcard-temp'/>
                </query>
                """));
    }

    /// XEP-0313 section 7: of two hosts, one has an archive.
    @ParameterizedTest
    @CsvSource({"juliet@capulet.example, true", "romeo@montague.example, false"})
    void onlyWhoHasAnArchiveTellsOfIt(String account, boolean archived) {
        services.announce(ServiceDescriptor.internal("log", "1", true)
                .withIqNamespaces(Map.of(IqSettings.ARCHIVE, IqAccess.SELF))
                .withFeatures(List.of("msgoffline"), List.of(IqSettings.ARCHIVE, "http://jabber.org/protocol/rsm")));
        services.announce(
                ServiceDescriptor.internal("profile", "1", true).withFeatures(List.of(), List.of("vcard-temp")));
        List<String> features = features(disco.account(Jid.of(account)));
        assertThat(features).contains("vcard-temp");
        assertThat(features.contains(IqSettings.ARCHIVE)).isEqualTo(archived);
        assertThat(features.contains("http://jabber.org/protocol/rsm")).isEqualTo(archived);
    }

    /// The registry of disco categories has account/anonymous for those of SASL ANONYMOUS.
    @Test
    void anAnonymousAccount() {
        Element answer = answer(info, question("""
                <iq xmlns='jabber:client' type='get' id='1' from='anon-1@capulet.example/x'>
                  <query xmlns='http://jabber.org/protocol/disco#info'/>
                </iq>
                """, IqTarget.OWN));
        assertThat(answer.child("identity").attribute("type")).isEqualTo("anonymous");
    }

    /// XEP-0030 section 4.1: services below the host, not those of another one; and those of no
    /// host.
    @Test
    void aHostListsItsServices() {
        services.announce(serving(
                new ServedDomain("rooms.capulet.example", "conference", "text", "Chatrooms"),
                new ServedDomain("plays.sub.capulet.example", "conference", "text", ""),
                new ServedDomain("notcapulet.example", "directory", "user", "Directory")));
        services.announce(serving(new ServedDomain("rooms.montague.example", "conference", "text", "Rooms")));
        services.announce(serving(new ServedDomain("rooms.capulet.example", "conference", "text", "Renamed since")));
        assertThat(answer(items, itemsOf("capulet.example"))).isEqualTo(xml("""
                <query xmlns='http://jabber.org/protocol/disco#items'>
                  <item jid='notcapulet.example' name='Directory'/>
                  <item jid='rooms.capulet.example' name='Chatrooms'/>
                </query>
                """));
        assertThat(answer(items, itemsOf("sub.capulet.example"))).isEqualTo(xml("""
                <query xmlns='http://jabber.org/protocol/disco#items'>
                  <item jid='notcapulet.example' name='Directory'/>
                  <item jid='plays.sub.capulet.example'/>
                </query>
                """));
    }

    /// XEP-0030 section 4.1: no items are an empty list, not an error.
    @Test
    void noItems() {
        assertThat(answer(items, itemsOf("capulet.example")))
                .isEqualTo(xml("<query xmlns='http://jabber.org/protocol/disco#items'/>"));
        assertThat(answer(items, itemsOfJuliet(IqTarget.SUBSCRIBED)))
                .isEqualTo(xml("<query xmlns='http://jabber.org/protocol/disco#items'/>"));
    }

    /// XEP-0030 section 4.1: the available resources, for those who see them anyway.
    @ParameterizedTest
    @CsvSource({"OWN", "SUBSCRIBED"})
    void anAccountListsItsResources(IqTarget target) {
        assertThat(items.targets()).contains(target);
        assertThat(answer(items, itemsOfJuliet(target, JULIET + "/chamber", JULIET + "/balcony")))
                .isEqualTo(xml("""
                <query xmlns='http://jabber.org/protocol/disco#items'>
                  <item jid='juliet@capulet.example/chamber'/>
                  <item jid='juliet@capulet.example/balcony'/>
                </query>
                """));
    }

    /// XEP-0030 section 9.
    @Test
    void strangersLearnNothing() {
        assertThat(info.targets()).doesNotContain(IqTarget.STRANGER);
        assertThat(items.targets()).doesNotContain(IqTarget.STRANGER);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # rule                            target       type  child                                   condition
            XEP-0030 section 7: no such node | HOST       | get | query #info  node='urn:unknown'         | ITEM_NOT_FOUND
            XEP-0030 section 7: no such node | HOST       | get | query #info  node=''                    | ITEM_NOT_FOUND
            caps need the hash               | HOST       | get | query #info  node='https://stanzabus.im' | ITEM_NOT_FOUND
            XEP-0030 section 7: no such node | HOST       | get | query #items node='urn:unknown'         | ITEM_NOT_FOUND
            XEP-0030 section 7: no such node | OWN        | get | query #info  node='urn:unknown'         | ITEM_NOT_FOUND
            not the host's capabilities      | OWN        | get | query #info  node='https://stanzabus.im#x' | ITEM_NOT_FOUND
            XEP-0030 section 7: no such node | SUBSCRIBED | get | query #items node='urn:unknown'         | ITEM_NOT_FOUND
            XEP-0030 section 5: removed      | HOST       | set | query #items                            | NOT_ALLOWED
            XEP-0030 section 3.1: a get      | OWN        | set | query #info                             | NOT_ALLOWED
            XEP-0030 section 3.1: query      | HOST       | get | info  #info                             | BAD_REQUEST
            XEP-0030 section 4.1: query      | HOST       | get | items #items                            | BAD_REQUEST
            """)
    void refuses(String rule, IqTarget target, String type, String child, Condition condition) {
        String to = target == IqTarget.HOST ? "capulet.example" : "juliet@capulet.example";
        String element = child.replaceFirst(" #(\\w+)", " xmlns='http://jabber.org/protocol/disco#$1'");
        IqQuestion question = question(
                "<iq xmlns='jabber:client' type='%s' id='1' to='%s'><%s/></iq>".formatted(type, to, element), target);
        assertThat(refusal(child.contains("#info") ? info : items, question)).isEqualTo(condition);
    }

    private String ver(String host) {
        CapsRequest.Caps said = Questions.await(caps.answer(new CapsRequest(host)));
        assertThat(said.node()).isEqualTo("https://stanzabus.im");
        assertThat(said.ver()).isEqualTo(VerificationString.ver(answer(info, infoOf(host))));
        return said.ver();
    }

    private static ServiceDescriptor serving(ServedDomain... domains) {
        return new ServiceDescriptor(domains[0].domain(), "1", List.of(domains), Map.of(), List.of(), List.of(), false);
    }

    private static List<String> features(Element info) {
        return info.children().stream()
                .filter(child -> child.name().equals("feature"))
                .map(child -> child.attribute("var"))
                .toList();
    }

    private static IqQuestion infoOf(String host) {
        return question("""
                <iq xmlns='jabber:client' type='get' id='info1' to='%s'>
                  <query xmlns='http://jabber.org/protocol/disco#info'/>
                </iq>
                """.formatted(host), IqTarget.HOST);
    }

    private static IqQuestion itemsOf(String host) {
        return question("""
                <iq xmlns='jabber:client' type='get' id='items1' to='%s'>
                  <query xmlns='http://jabber.org/protocol/disco#items'/>
                </iq>
                """.formatted(host), IqTarget.HOST);
    }

    private static IqQuestion itemsOfJuliet(IqTarget target, String... resources) {
        return question("""
                <iq xmlns='jabber:client' type='get' id='items2' to='juliet@capulet.example'>
                  <query xmlns='http://jabber.org/protocol/disco#items'/>
                </iq>
                """, target, resources);
    }
}
