package im.stanzabus.session;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.stanza.FragmentReader;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageRulesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CHAT      | <body>hi</body>                                                            | true
            NORMAL    | <body>hi</body>                                                            | true
            NORMAL    | <subject>s</subject>                                                       | true
            GROUPCHAT | <body>hi</body>                                                            | false
            HEADLINE  | <body>hi</body>                                                            | false
            ERROR     | <body>hi</body>                                                            | false
            CHAT      | <active xmlns="http://jabber.org/protocol/chatstates"/>                    | false
            CHAT      | <active xmlns="http://jabber.org/protocol/chatstates"/><thread>t</thread>  | false
            CHAT      | <active xmlns="http://jabber.org/protocol/chatstates"/><body>hi</body>     | true
            CHAT      | <active xmlns="http://jabber.org/protocol/chatstates"/><store xmlns="urn:xmpp:hints"/> | true
            CHAT      | <body>hi</body><no-store xmlns="urn:xmpp:hints"/>                          | false
            CHAT      | <body>hi</body><no-permanent-store xmlns="urn:xmpp:hints"/>                | true
            CHAT      | <received xmlns="urn:xmpp:receipts" id="1"/>                               | true
            CHAT      | <encrypted xmlns="eu.siacs.conversations.axolotl"/>                        | true
            """)
    void whatIsKept(StanzaType type, String payload, boolean kept) {
        assertThat(MessageRules.isStorable(message(type, payload))).isEqualTo(kept);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CHAT      | <body>hi</body>                                                            | true
            NORMAL    | <body>hi</body>                                                            | true
            GROUPCHAT | <body>hi</body>                                                            | false
            HEADLINE  | <body>hi</body>                                                            | false
            ERROR     | <body>hi</body>                                                            | false
            HEADLINE  | <body>hi</body><store xmlns="urn:xmpp:hints"/>                             | false
            CHAT      | <body>hi</body><no-permanent-store xmlns="urn:xmpp:hints"/>                | false
            CHAT      | <body>hi</body><no-store xmlns="urn:xmpp:hints"/>                          | false
            CHAT      | <active xmlns="http://jabber.org/protocol/chatstates"/>                    | false
            CHAT      | <active xmlns="http://jabber.org/protocol/chatstates"/><store xmlns="urn:xmpp:hints"/> | true
            CHAT      | <displayed xmlns="urn:xmpp:chat-markers:0" id="1"/>                        | true
            """)
    void whatIsArchived(StanzaType type, String payload, boolean archived) {
        assertThat(MessageRules.isArchivable(message(type, payload))).isEqualTo(archived);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CHAT      | <body>hi</body>                                                          | true
            CHAT      | <active xmlns="http://jabber.org/protocol/chatstates"/>                  | true
            CHAT      | <body>hi</body><private xmlns="urn:xmpp:carbons:2"/>                     | false
            CHAT      | <body>hi</body><no-copy xmlns="urn:xmpp:hints"/>                         | false
            CHAT      | <body>hi</body><x xmlns="http://jabber.org/protocol/muc#user"/>          | false
            NORMAL    | <body>hi</body>                                                          | true
            NORMAL    | <subject>s</subject>                                                     | false
            NORMAL    | <received xmlns="urn:xmpp:receipts" id="1"/>                             | true
            NORMAL    | <displayed xmlns="urn:xmpp:chat-markers:0" id="1"/>                      | true
            NORMAL    | <x xmlns="jabber:x:conference" jid="r@c"/>                               | true
            GROUPCHAT | <body>hi</body>                                                          | false
            HEADLINE  | <body>hi</body>                                                          | false
            """)
    void whatIsCopied(StanzaType type, String payload, boolean copied) {
        assertThat(MessageRules.isCarbonEligible(message(type, payload))).isEqualTo(copied);
    }

    private static Stanza message(StanzaType type, String payload) {
        return new Stanza(
                Stanza.Kind.MESSAGE,
                type,
                null,
                null,
                null,
                null,
                Payload.of(FragmentReader.read(payload.getBytes(StandardCharsets.UTF_8))));
    }
}
