package im.stanzabus.stanza;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// XEP-0115 section 5.
class VerificationStringTest {
    /// White space between elements does not count.
    private static Element xml(String text) {
        return FragmentReader.element(text.strip().replaceAll(">\\s+<", "><").getBytes(StandardCharsets.UTF_8));
    }

    /// Section 5.2.
    @Test
    void simpleExample() {
        Element info = xml("""
                <query xmlns='http://jabber.org/protocol/disco#info'>
                  <identity category='client' name='Exodus 0.9.1' type='pc'/>
                  <feature var='http://jabber.org/protocol/muc'/>
                  <feature var='http://jabber.org/protocol/disco#items'/>
                  <feature var='http://jabber.org/protocol/caps'/>
                  <feature var='http://jabber.org/protocol/disco#info'/>
                </query>
                """);
        assertThat(VerificationString.text(info))
                .isEqualTo("client/pc//Exodus 0.9.1<http://jabber.org/protocol/caps"
                        + "<http://jabber.org/protocol/disco#info<http://jabber.org/protocol/disco#items"
                        + "<http://jabber.org/protocol/muc<");
        assertThat(VerificationString.ver(info)).isEqualTo("QgayPKawpkPSDYmwT/WM94uAlu0=");
    }

    /// Section 5.3.
    @Test
    void complexExample() {
        Element info = xml("""
                <query xmlns='http://jabber.org/protocol/disco#info'
                       node='http://psi-im.org#q07IKJEyjvHSyhy//CH0CxmKi8w='>
                  <identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/>
                  <identity xml:lang='el' category='client' name='Ψ 0.11' type='pc'/>
                  <feature var='http://jabber.org/protocol/caps'/>
                  <feature var='http://jabber.org/protocol/disco#info'/>
                  <feature var='http://jabber.org/protocol/disco#items'/>
                  <feature var='http://jabber.org/protocol/muc'/>
                  <x xmlns='jabber:x:data' type='result'>
                    <field var='FORM_TYPE' type='hidden'><value>urn:xmpp:dataforms:softwareinfo</value></field>
                    <field var='ip_version' type='text-multi'><value>ipv4</value><value>ipv6</value></field>
                    <field var='os'><value>Mac</value></field>
                    <field var='os_version'><value>10.5.1</value></field>
                    <field var='software'><value>Psi</value></field>
                    <field var='software_version'><value>0.11</value></field>
                  </x>
                </query>
                """);
        assertThat(VerificationString.ver(info)).isEqualTo("q07IKJEyjvHSyhy//CH0CxmKi8w=");
    }

    /// Section 5.1: identities by category, type and language; fields by name; values; forms by
    /// FORM_TYPE.
    @Test
    void everythingIsSorted() {
        Element info = xml("""
                <query xmlns='http://jabber.org/protocol/disco#info'>
                  <identity category='b' type='x' name='n'/>
                  <identity category='a-' type='x'/>
                  <identity category='a' type='y' xml:lang='en'/>
                  <identity category='a' type='y' xml:lang='de'/>
                  <identity category='a' type='x'/>
                  <feature var='f2'/><feature var='F'/><feature var='f1'/>
                  <x xmlns='jabber:x:data' type='result'>
                    <field var='z'><value>2</value><value>10</value></field>
                    <field var='FORM_TYPE' type='hidden'><value>urn:b</value></field>
                    <field var='y'/>
                  </x>
                  <x xmlns='jabber:x:data' type='result'>
                    <field var='FORM_TYPE' type='hidden'><value>urn:a</value></field>
                  </x>
                </query>
                """);
        assertThat(VerificationString.text(info))
                .isEqualTo("a/x//<a/y/de/<a/y/en/<a-/x//<b/x//n<F<f1<f2<urn:a<urn:b<y<z<10<2<");
    }

    /// Section 5.4, step 3.6.
    @Test
    void formsWithoutAHiddenFormTypeDoNotCount() {
        Element info = xml("""
                <query xmlns='http://jabber.org/protocol/disco#info'>
                  <identity category='server' type='im'/>
                  <feature var='f'/>
                  <x xmlns='jabber:x:data' type='result'><field var='a'><value>1</value></field></x>
                  <x xmlns='jabber:x:data' type='result'>
                    <field var='FORM_TYPE'><value>urn:a</value></field><field var='a'><value>1</value></field>
                  </x>
                </query>
                """);
        assertThat(VerificationString.text(info)).isEqualTo("server/im//<f<");
    }

    /// Section 5.1: the collation is that of UTF-8 bytes, which is not the one of Java's strings.
    @Test
    void octetsDecide() {
        Element info = xml("""
                <query xmlns='http://jabber.org/protocol/disco#info'>
                  <feature var='\uD83D\uDE00'/><feature var='\uFF5E'/>
                </query>
                """);
        assertThat(VerificationString.text(info)).isEqualTo("\uFF5E<\uD83D\uDE00<");
    }
}
