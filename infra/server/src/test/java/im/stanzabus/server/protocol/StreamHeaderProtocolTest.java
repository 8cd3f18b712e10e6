package im.stanzabus.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Connection;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.TlsClient;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(XmppServerExtension.class)
class StreamHeaderProtocolTest {
    private static final String NAMESPACES = " xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'";

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"4.7.1", "4.7.3", "4.7.4", "4.7.5", "4.8.1", "4.8.2"})
    void theServerAnswersWithAHeaderOfItsOwn(Scene scene) {
        TestStream stream = scene.plain();
        stream.connection().openStream(TestStream.header(scene.host()));
        Xml header = stream.connection().header();
        assertThat(header.name()).isEqualTo("stream");
        assertThat(header.namespace()).isEqualTo("http://etherx.jabber.org/streams");
        assertThat(header.attribute("xmlns")).isEqualTo("jabber:client");
        assertThat(header.attribute("from")).isEqualTo(scene.host());
        assertThat(header.attribute("version")).isEqualTo("1.0");
        assertThat(header.attribute("xml:lang")).isNotEmpty();
        assertThat(header.attribute("id")).hasSizeGreaterThan(8);
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"4.7.3", "4.3.3", "5.4.3.3"})
    void everyStreamHasAnIdOfItsOwn(Scene scene) {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            TestStream stream = scene.plain();
            Connection connection = stream.connection();
            connection.openStream(TestStream.header(scene.host()));
            ids.add(connection.header().attribute("id"));
            stream.features();
            connection.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
            connection.element();
            connection.secure(TlsClient.DEFAULT);
            connection.openStream(TestStream.header(scene.host()));
            ids.add(connection.header().attribute("id"));
        }
        assertThat(ids).hasSize(6);
    }

    @Test
    @Spec(doc = "RFC6120", section = "4.9.3.6")
    void aDomainThatIsNotServedIsUnknown(Scene scene) {
        opens(scene, "<stream:stream to='nowhere.example' version='1.0'" + NAMESPACES + ">", "host-unknown");
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"4.7.2", "4.9.3.7"})
    void theDomainMustBeNamed(Scene scene) {
        opens(scene, "<stream:stream version='1.0'" + NAMESPACES + ">", "improper-addressing");
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"4.8.1", "4.9.3.10"})
    void theStreamNamespaceMustBeTheOneOfStreams(Scene scene) {
        opens(
                scene,
                "<stream:stream to='" + scene.host()
                        + "' version='1.0' xmlns='jabber:client' xmlns:stream='http://wrong.namespace.example/'>",
                "invalid-namespace");
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"4.8.2", "4.9.3.10"})
    void theContentNamespaceMustBeTheOneOfClients(Scene scene) {
        opens(
                scene,
                "<stream:stream to='" + scene.host()
                        + "' version='1.0' xmlns='jabber:other' xmlns:stream='http://etherx.jabber.org/streams'>",
                "invalid-namespace");
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"4.7.5", "4.9.3.25"})
    void aStreamWithoutVersionIsNotSupported(Scene scene) {
        opens(scene, "<stream:stream to='" + scene.host() + "'" + NAMESPACES + ">", "unsupported-version");
    }

    @Test
    @Spec(doc = "RFC6120", section = "4.7.5")
    void aHigherMinorVersionIsAnsweredWithTheOwnOne(Scene scene) {
        TestStream stream = scene.plain();
        stream.connection().openStream("<stream:stream to='" + scene.host() + "' version='1.10'" + NAMESPACES + ">");
        assertThat(stream.connection().header().attribute("version")).isEqualTo("1.0");
        stream.features();
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"11.6", "4.9.3.22"})
    void onlyUtf8IsSupported(Scene scene) {
        opens(
                scene,
                "<?xml version='1.0' encoding='ISO-8859-1'?>" + "<stream:stream to='" + scene.host() + "' version='1.0'"
                        + NAMESPACES + ">",
                "unsupported-encoding");
    }

    @Test
    @Spec(doc = "RFC6120", section = "11.5")
    void theXmlDeclarationMayBeLeftOut(Scene scene) {
        TestStream stream = scene.plain();
        stream.connection().openStream("<stream:stream to='" + scene.host() + "' version='1.0'" + NAMESPACES + ">");
        stream.connection().header();
        stream.features();
    }

    @Test
    @Spec(doc = "RFC6120", section = "4.7.2")
    void theDomainIsComparedAsDomainsAre(Scene scene) {
        TestStream stream = scene.plain();
        stream.connection().openStream(TestStream.header(scene.host().toUpperCase(java.util.Locale.ROOT)));
        assertThat(stream.connection().header().attribute("from")).isEqualTo(scene.host());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE stream [<!ENTITY a 'b'>]>",
                "<!-- a comment -->",
                "<?stylesheet href='a'?>",
            })
    @Spec(
            doc = "RFC6120",
            section = {"11.1", "4.9.3.18"})
    void someXmlIsForbiddenBeforeTheHeader(String forbidden, Scene scene) {
        opens(
                scene,
                forbidden + TestStream.header(scene.host()).substring("<?xml version='1.0'?>".length()),
                "restricted-xml");
    }

    @Test
    @Spec(doc = "RFC6120", section = "4.9.3.13")
    void aHeaderMustBeWellFormed(Scene scene) {
        opens(
                scene,
                "<stream:stream to='" + scene.host() + "' to='x' version='1.0'" + NAMESPACES + ">",
                "not-well-formed");
    }

    private static void opens(Scene scene, String header, String condition) {
        TestStream stream = scene.plain();
        stream.connection().openStream(header);
        stream.isRefusedWith(condition);
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"4.8.5", "4.9.3.2"})
    void theHeaderHasThePrefixThatEverybodyExpects(Scene scene) {
        opens(
                scene,
                "<s:stream to='" + scene.host()
                        + "' version='1.0' xmlns='jabber:client' xmlns:s='http://etherx.jabber.org/streams'>",
                "bad-namespace-prefix");
    }
}
