package im.stanzabus.stanza;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The verification string of Entity Capabilities (XEP-0115 section 5.1), made from a disco#info
/// result.
public final class VerificationString {
    /// The collation `i;octet` (RFC 4790 section 9.3).
    static final Comparator<String> OCTETS =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    private static final String FORM_TYPE = "FORM_TYPE";

    private VerificationString() {}

    /// The value of `ver` with the hash function SHA-1.
    ///
    /// @param info the `<query/>` of a disco#info result
    public static String ver(Element info) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text(info).getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    /// What is hashed.
    static String text(Element info) {
        StringBuilder text = new StringBuilder(1024);
        children(info, "identity").stream()
                .sorted(Comparator.comparing((Element identity) -> value(identity, "category"), OCTETS)
                        .thenComparing(identity -> value(identity, "type"), OCTETS)
                        .thenComparing(identity -> value(identity, "xml:lang"), OCTETS))
                .forEach(identity -> append(
                        text,
                        String.join(
                                "/",
                                value(identity, "category"),
                                value(identity, "type"),
                                value(identity, "xml:lang"),
                                value(identity, "name"))));
        children(info, "feature").stream()
                .map(feature -> value(feature, "var"))
                .sorted(OCTETS)
                .forEach(feature -> append(text, feature));
        info.children().stream()
                .filter(child -> child.is("x", Namespaces.DATA_FORMS) && formType(child) != null)
                .sorted(Comparator.comparing(form -> String.valueOf(formType(form)), OCTETS))
                .forEach(form -> appendForm(text, form));
        return text.toString();
    }

    private static void appendForm(StringBuilder text, Element form) {
        append(text, String.valueOf(formType(form)));
        children(form, "field").stream()
                .filter(field -> !value(field, "var").equals(FORM_TYPE))
                .sorted(Comparator.comparing(field -> value(field, "var"), OCTETS))
                .forEach(field -> {
                    append(text, value(field, "var"));
                    children(field, "value").stream()
                            .map(Element::text)
                            .sorted(OCTETS)
                            .forEach(value -> append(text, value));
                });
    }

    /// A form without a hidden FORM_TYPE does not count (section 5.4, step 3.6).
    private static @Nullable String formType(Element form) {
        for (Element field : children(form, "field")) {
            if (value(field, "var").equals(FORM_TYPE) && value(field, "type").equals("hidden")) {
                return field.childText("value");
            }
        }
        return null;
    }

    private static List<Element> children(Element parent, String name) {
        return parent.children().stream()
                .filter(child -> child.is(name, parent.namespace()))
                .toList();
    }

    private static String value(Element element, String attribute) {
        String value = element.attribute(attribute);
        return value == null ? "" : value;
    }

    private static void append(StringBuilder text, String part) {
        text.append(part).append('<');
    }
}
