package im.stanzabus.testkit;

/// Looks at stanza errors (RFC 6120 section 8.3).
final class StanzaErrors {
    private StanzaErrors() {}

    static void check(Xml stanza, String type, String condition) {
        boolean right = stanza.children().stream()
                .filter(child -> child.is("error", "jabber:client"))
                .anyMatch(error ->
                        error.attribute("type").equals(type) && error.hasChild(condition, Streams.STANZA_ERRORS));
        if (!right) {
            throw new AssertionError("expected the error " + type + "/" + condition + ", but there was\n  " + stanza);
        }
    }
}
