package im.stanzabus.testkit;

import java.util.List;

/// What a request was answered with.
public final class Answer {
    private final Scene scene;
    private final Xml iq;

    Answer(Scene scene, Xml iq) {
        this.scene = scene;
        this.iq = iq;
    }

    /// The whole answer.
    public Xml iq() {
        return iq;
    }

    /// It must be an empty result.
    public void isEmptyResult() {
        mustBe("result");
        if (!iq.children().isEmpty()) {
            throw new AssertionError("expected an empty result, but there was " + iq);
        }
    }

    /// It must be a result with this payload.
    public void is(String template) {
        mustBe("result");
        List<Xml> payload = iq.children();
        Xml expected = Xml.parse(scene.text(template));
        if (payload.size() != 1 || !new XmlPattern(expected).matches(payload.getFirst(), scene.names())) {
            throw new AssertionError("expected the result\n  " + expected + "\nbut there was\n  " + iq);
        }
    }

    /// The payload of the result that it must be.
    public Xml payload() {
        mustBe("result");
        if (iq.children().size() != 1) {
            throw new AssertionError("expected one payload, but there was " + iq);
        }
        return iq.children().getFirst();
    }

    /// It must be this error.
    public void isError(String type, String condition) {
        mustBe("error");
        StanzaErrors.check(iq, type, condition);
    }

    private void mustBe(String type) {
        if (!iq.attribute("type").equals(type)) {
            throw new AssertionError("expected an iq of type " + type + ", but there was " + iq);
        }
    }
}
