package im.stanzabus.offline.archive;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.StanzaError.Condition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The data form of a query (XEP-0313 section 4.1, XEP-0004).
///
/// @param values of the fields that were filled in
record QueryForm(Map<String, List<String>> values) {
    static final String WITH = "with";
    static final String START = "start";
    static final String END = "end";
    static final String BEFORE_ID = "before-id";
    static final String AFTER_ID = "after-id";
    static final String IDS = "ids";
    static final String INCLUDE_GROUPCHAT = "include-groupchat";

    private static final String FORM_TYPE = "FORM_TYPE";
    private static final String VALIDATE = "http://jabber.org/protocol/xdata-validate";
    private static final Set<String> KNOWN =
            Set.of(FORM_TYPE, WITH, START, END, BEFORE_ID, AFTER_ID, IDS, INCLUDE_GROUPCHAT);

    /// @param form null if the query has none
    /// @throws im.stanzabus.bus.BusFailure if it is no form of a query, or has a field that is not known
    ///     here
    static QueryForm read(@Nullable Element form) {
        if (form == null) {
            return new QueryForm(Map.of());
        }
        if (!"submit".equals(form.attribute("type"))) {
            throw Refusal.badRequest("the form is not submitted");
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (Element field : form.children()) {
            if (field.is("field", Namespaces.DATA_FORMS)) {
                add(field, values);
            }
        }
        if (!List.of(Archive.NAMESPACE).equals(values.remove(FORM_TYPE))) {
            throw Refusal.badRequest("the form is not of type " + Archive.NAMESPACE);
        }
        values.values().removeIf(given -> given.isEmpty() || given.equals(List.of("")));
        return new QueryForm(values);
    }

    private static void add(Element field, Map<String, List<String>> values) {
        String name = field.attribute("var");
        if (name == null) {
            throw Refusal.badRequest("a field of the form has no name");
        }
        if (!KNOWN.contains(name)) {
            throw Refusal.of(Condition.FEATURE_NOT_IMPLEMENTED, "a field of the form is not known here");
        }
        List<String> given = field.children().stream()
                .filter(child -> child.is("value", Namespaces.DATA_FORMS))
                .map(Element::text)
                .toList();
        if (values.put(name, given) != null) {
            throw Refusal.badRequest("the form has a field twice");
        }
    }

    /// The value of a field that has one; null if it was left out.
    @Nullable
    String value(String name) {
        List<String> given = all(name);
        if (given.size() > 1) {
            throw Refusal.badRequest("the field " + name + " has one value");
        }
        return given.isEmpty() ? null : given.getFirst();
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /// The empty form with all fields that a query may have (XEP-0313 section 4.1.5).
    static Element empty() {
        return Element.builder("x", Namespaces.DATA_FORMS)
                .attribute("type", "form")
                .child(field(FORM_TYPE, "hidden")
                        .childText("value", Archive.NAMESPACE)
                        .build())
                .child(field(WITH, "jid-single").build())
                .child(field(START, "text-single").build())
                .child(field(END, "text-single").build())
                .child(field(BEFORE_ID, "text-single").build())
                .child(field(AFTER_ID, "text-single").build())
                .child(field(IDS, "list-multi")
                        .child(Element.builder("validate", VALIDATE)
                                .attribute("datatype", "xs:string")
                                .child(Element.of("open", VALIDATE))
                                .build())
                        .build())
                .child(field(INCLUDE_GROUPCHAT, "boolean").build())
                .build();
    }

    private static Element.Builder field(String name, String type) {
        return Element.builder("field", Namespaces.DATA_FORMS)
                .attribute("type", type)
                .attribute("var", name);
    }
}
