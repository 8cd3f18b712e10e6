package im.stanzabus.testkit;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;

/// The page that lists which tests prove which sections. It holds every test with {@link Spec} that is not
/// disabled: as the build fails when one of them fails, these are the ones that pass.
public final class CoveredSections {
    private static final Comparator<String> BY_NUMBER = CoveredSections::compareNumbers;
    private static final Comparator<String> RFCS_FIRST = Comparator.comparing(
                    (String doc) -> doc.startsWith("RFC") ? 0 : 1)
            .thenComparing(Comparator.naturalOrder());

    /// Test classes, and those within them.
    private static final Pattern TESTS = Pattern.compile(".*Test(\\$[A-Z]\\w*)?\\.class");

    private final Map<String, Map<String, TreeSet<String>>> tests = new TreeMap<>(RFCS_FIRST);

    private CoveredSections() {}

    /// The sections of all tests in a folder of class files.
    public static CoveredSections in(Path classFiles, ClassLoader loader) throws IOException {
        CoveredSections sections = new CoveredSections();
        List<Path> files;
        try (Stream<Path> found = Files.walk(classFiles)) {
            files = found.filter(file -> TESTS.matcher(file.toString()).matches())
                    .toList();
        }
        for (Path file : files) {
            String path = classFiles.relativize(file).toString();
            String name = path.substring(0, path.length() - ".class".length()).replace('/', '.');
            try {
                sections.add(Class.forName(name, false, loader));
            } catch (ClassNotFoundException e) {
                throw new IOException(e);
            }
        }
        return sections;
    }

    private void add(Class<?> test) {
        for (Method method : test.getDeclaredMethods()) {
            if (method.isAnnotationPresent(Disabled.class)) {
                continue;
            }
            for (Spec spec : method.getAnnotationsByType(Spec.class)) {
                for (String section : spec.section()) {
                    tests.computeIfAbsent(spec.doc(), doc -> new TreeMap<>(BY_NUMBER))
                            .computeIfAbsent(section, number -> new TreeSet<>())
                            .add(name(test) + "." + method.getName());
                }
            }
        }
    }

    private static String name(Class<?> test) {
        String within = test.getName();
        return within.substring(within.lastIndexOf('.') + 1).replace('$', '.');
    }

    /// Sections as people count: 4.9 before 4.10.
    static int compareNumbers(String one, String other) {
        String[] a = one.split("\\.", -1);
        String[] b = other.split("\\.", -1);
        for (int i = 0; i < Math.min(a.length, b.length); i++) {
            boolean numbers = a[i].matches("\\d+") && b[i].matches("\\d+");
            int order =
                    numbers ? Integer.compare(Integer.parseInt(a[i]), Integer.parseInt(b[i])) : a[i].compareTo(b[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.length, b.length);
    }

    /// The page in Markdown.
    public String toMarkdown() {
        List<String> lines = new ArrayList<>();
        lines.add("# Sections of the specifications that protocol tests prove");
        lines.add("");
        lines.add(
                "Generated from the `@Spec` annotations of the tests in `infra/server/src/test`, which talk to a running");
        lines.add(
                "server over real sockets; each of them passes, or the build fails. `CoveredSectionsTest` says how to update");
        lines.add("this page.");
        tests.forEach((doc, sections) -> {
            lines.add("");
            lines.add("## " + doc);
            lines.add("");
            lines.add("| section | tests |");
            lines.add("|---|---|");
            sections.forEach((section, names) -> lines.add("| " + section + " | "
                    + String.join(
                            ", ", names.stream().map(name -> "`" + name + "`").toList()) + " |"));
        });
        return String.join("\n", lines) + "\n";
    }
}
