package im.stanzabus.server.protocol;

import im.stanzabus.testkit.Answer;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.Xml;
import java.util.ArrayList;
import java.util.List;

/// One page of an archive, and the elements that ask for one.
record ArchivePage(List<Xml> results, Xml fin) {
    static final String MAM = "urn:xmpp:mam:2";
    static final String RSM = "http://jabber.org/protocol/rsm";

    /// Asks for a page.
    ///
    /// @param content of the query
    static ArchivePage page(TestClient client, String content) {
        client.forgets();
        Answer answer = client.asks(query(content));
        List<Xml> results = new ArrayList<>();
        Xml fin = answer.payload();
        Xml rsm = fin.child("set");
        boolean some = rsm.hasChild("last", RSM);
        String last = some ? rsm.child("last").text() : "";
        String first = some ? rsm.child("first").text() : "";
        boolean seenFirst = false;
        boolean seenLast = false;
        while (some && !(seenFirst && seenLast)) {
            Xml stanza = client.nextStanza("a result");
            if (stanza.hasChild("result", MAM)) {
                results.add(stanza);
                String id = stanza.child("result").attribute("id");
                seenFirst |= id.equals(first);
                seenLast |= id.equals(last);
            }
        }
        return new ArchivePage(results, fin);
    }

    static String query(String content) {
        return "<iq type='set'><query xmlns='" + MAM + "'>" + content + "</query></iq>";
    }

    static String set(String content) {
        return "<set xmlns='" + RSM + "'>" + content + "</set>";
    }

    static String form(String fields) {
        return "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>" + MAM
                + "</value></field>" + fields + "</x>";
    }

    static String field(String name, String... values) {
        StringBuilder field = new StringBuilder("<field var='" + name + "'>");
        for (String value : values) {
            field.append("<value>").append(value).append("</value>");
        }
        return field.append("</field>").toString();
    }

    List<String> bodies() {
        return results.stream()
                .map(result -> message(result).child("body").text())
                .toList();
    }

    List<String> ids() {
        return results.stream()
                .map(result -> result.child("result").attribute("id"))
                .toList();
    }

    /// When the messages were received.
    List<String> stamps() {
        return results.stream()
                .map(result ->
                        result.child("result").child("forwarded").child("delay").attribute("stamp"))
                .toList();
    }

    boolean isComplete() {
        return fin.attribute("complete").equals("true");
    }

    /// The message in a result.
    static Xml message(Xml result) {
        return message(result, "result");
    }

    /// The message that is forwarded in an element of another one.
    static Xml message(Xml around, String element) {
        return around.child(element).child("forwarded").child("message");
    }
}
