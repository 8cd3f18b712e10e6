package im.stanzabus.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Says whether an element is what a script expects. Prefixes, the order of attributes and children, and white space
/// between elements do not count. In the script,
///
/// - the value `{any}` stands for any value, `{any?}` for any or none;
/// - the value `{name}` is remembered under that name, and must be the same where the name comes again;
/// - the text `{*}` inside an element allows further children;
/// - on a stanza, `to` and `xml:lang` are compared only if written, and so is a `<stanza-id/>` (XEP-0359).
final class XmlPattern {
    private static final Pattern WILDCARD = Pattern.compile("\\{([a-z][a-zA-Z0-9-]*)(\\?)?}");
    private static final String MORE = "{*}";

    private final Xml expected;

    XmlPattern(Xml expected) {
        this.expected = expected;
    }

    /// Whether it matches; captured values are added to the names only if it does.
    boolean matches(Xml actual, Map<String, String> names) {
        Map<String, String> tried = new HashMap<>(names);
        if (!stanza(expected, actual, tried)) {
            return false;
        }
        names.putAll(tried);
        return true;
    }

    private static boolean stanza(Xml expected, Xml actual, Map<String, String> names) {
        List<Xml> children = new ArrayList<>(actual.children());
        boolean wantsStanzaId =
                expected.children().stream().anyMatch(child -> child.name().equals("stanza-id"));
        if (!wantsStanzaId) {
            children.removeIf(child -> child.is("stanza-id", "urn:xmpp:sid:0"));
        }
        return sameName(expected, actual)
                && attributes(expected, actual, List.of("to", "xml:lang"), names)
                && content(expected, actual, children, names);
    }

    private static boolean element(Xml expected, Xml actual, Map<String, String> names) {
        return sameName(expected, actual)
                && attributes(expected, actual, List.of(), names)
                && content(expected, actual, actual.children(), names);
    }

    private static boolean sameName(Xml expected, Xml actual) {
        return actual.is(expected.name(), expected.namespace());
    }

    private static boolean attributes(Xml expected, Xml actual, List<String> optional, Map<String, String> names) {
        for (String key : actual.attributes().keySet()) {
            if (!expected.has(key) && !optional.contains(key)) {
                return false;
            }
        }
        for (Map.Entry<String, String> attribute : expected.attributes().entrySet()) {
            String key = attribute.getKey();
            if (attribute.getValue().equals("{any?}")) {
                continue;
            }
            if (!actual.has(key) || !value(attribute.getValue(), actual.attribute(key), names)) {
                return false;
            }
        }
        return true;
    }

    private static boolean value(String expected, String actual, Map<String, String> names) {
        Matcher wildcard = WILDCARD.matcher(expected);
        if (!wildcard.matches()) {
            return expected.equals(actual);
        }
        if (wildcard.group(1).equals("any")) {
            return true;
        }
        String known = names.putIfAbsent(wildcard.group(1), actual);
        return known == null || known.equals(actual);
    }

    private static boolean content(Xml expected, Xml actual, List<Xml> children, Map<String, String> names) {
        String text = expected.text().strip();
        boolean more = text.contains(MORE);
        String wanted = text.replace(MORE, "").strip();
        if (!more && children.size() != expected.children().size()) {
            return false;
        }
        boolean hasElements = !expected.children().isEmpty() || more;
        String found = hasElements ? actual.text().strip() : actual.text();
        boolean textMatches = wanted.isEmpty() ? more || found.isBlank() : value(exact(expected, wanted), found, names);
        return textMatches && eachHasItsOwn(expected.children(), 0, new ArrayList<>(children), names);
    }

    private static String exact(Xml expected, String stripped) {
        return expected.children().isEmpty() && !expected.text().contains(MORE) ? expected.text() : stripped;
    }

    private static boolean eachHasItsOwn(List<Xml> expected, int next, List<Xml> free, Map<String, String> names) {
        if (next == expected.size()) {
            return true;
        }
        for (int i = 0; i < free.size(); i++) {
            Map<String, String> tried = new HashMap<>(names);
            if (element(expected.get(next), free.get(i), tried)) {
                List<Xml> rest = new ArrayList<>(free);
                rest.remove(i);
                if (eachHasItsOwn(expected, next + 1, rest, tried)) {
                    names.putAll(tried);
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return expected.toString();
    }
}
