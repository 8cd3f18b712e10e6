package im.stanzabus.launcher.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// A mapping of the YAML document, or the absence of one, with the environment's overrides. Works on
/// composed nodes, because they know their lines.
final class YamlSettings extends TypedSettings {
    private record Entry(int line, Node value) {}

    private final Reading reading;
    private final String path;
    private final int line;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, YamlSettings> sections = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();

    /// @param path of the section; empty for the whole document
    /// @param line of the section, 0 if it is not in the file
    YamlSettings(Reading reading, String path, int line, @Nullable MappingNode mapping) {
        super(reading);
        this.reading = reading;
        this.path = path;
        this.line = line;
        if (mapping != null) {
            mapping.getValue().forEach(this::add);
        }
    }

    private void add(NodeTuple tuple) {
        int keyLine = lineOf(tuple.getKeyNode());
        if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
            reading.error(keyLine, path, "a key must be a word");
            return;
        }
        String key = scalar.getValue();
        Entry first = entries.putIfAbsent(key, new Entry(keyLine, tuple.getValueNode()));
        if (first != null) {
            reading.error(keyLine, pathOf(key), "is given twice; the first is in line " + first.line);
        }
    }

    @Override
    public Settings section(String key) {
        known.add(key);
        return sections.computeIfAbsent(key, k -> {
            Entry entry = entries.get(k);
            if (entry == null || isNull(entry.value)) {
                return new YamlSettings(reading, pathOf(k), entry == null ? 0 : entry.line, null);
            }
            return sectionOf(pathOf(k), entry.line, entry.value);
        });
    }

    private YamlSettings sectionOf(String sectionPath, int sectionLine, Node node) {
        if (node instanceof MappingNode mapping) {
            return new YamlSettings(reading, sectionPath, sectionLine, mapping);
        }
        reading.error(sectionLine, sectionPath, "must be a section with keys of its own, not " + kindOf(node));
        return new YamlSettings(reading, sectionPath, sectionLine, null);
    }

    @Override
    public List<Settings> sections(String key) {
        known.add(key);
        List<Node> nodes = List.of();
        Entry entry = entries.get(key);
        if (entry != null && entry.value instanceof SequenceNode sequence) {
            nodes = sequence.getValue();
        } else if (entry != null && !isNull(entry.value)) {
            reading.error(entry.line, pathOf(key), "must be a list of sections, not " + kindOf(entry.value));
        }
        int count = Math.max(nodes.size(), reading.environment().entries(pathOf(key)));
        List<Settings> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = key + '[' + i + ']';
            if (!sections.containsKey(name)) {
                sections.put(
                        name,
                        i < nodes.size()
                                ? sectionOf(pathOf(name), lineOf(nodes.get(i)), nodes.get(i))
                                : new YamlSettings(reading, pathOf(name), 0, null));
            }
            all.add(sections.get(name));
        }
        return all;
    }

    @Override
    @Nullable
    Scalar scalar(String key, String wanted) {
        known.add(key);
        String variable = reading.environment().value(pathOf(key));
        if (variable != null) {
            return new Scalar(variable, 0, Environment.nameOf(pathOf(key)));
        }
        Entry entry = entries.get(key);
        if (entry == null) {
            return null;
        }
        if (isNull(entry.value)) {
            reading.error(entry.line, pathOf(key), "has no value; leave the line out for the default");
            return null;
        }
        if (entry.value instanceof ScalarNode scalar) {
            return new Scalar(scalar.getValue(), entry.line, null);
        }
        reading.error(entry.line, pathOf(key), "must be " + wanted + ", not " + kindOf(entry.value));
        return null;
    }

    @Override
    @Nullable
    List<String> words(String key, String wanted) {
        known.add(key);
        String variable = reading.environment().value(pathOf(key));
        if (variable != null) {
            return splitAtCommas(variable);
        }
        Entry entry = entries.get(key);
        if (entry == null) {
            return null;
        }
        if (!(entry.value instanceof SequenceNode sequence)) {
            reading.error(entry.line, pathOf(key), "must be " + wanted + ", not " + kindOf(entry.value));
            return null;
        }
        List<String> words = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            if (item instanceof ScalarNode scalar && !isNull(item)) {
                words.add(scalar.getValue());
            } else {
                reading.error(
                        lineOf(item), pathOf(key), "must be " + wanted + "; one of its entries is " + kindOf(item));
            }
        }
        return List.copyOf(words);
    }

    private static List<String> splitAtCommas(String text) {
        return List.of(text.split(",", -1)).stream()
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    @Override
    String pathOf(String key) {
        return path.isEmpty() ? key : path + '.' + key;
    }

    @Override
    public void error(String key, String message) {
        reading.error(place(key).error(message));
    }

    @Override
    public ConfigPlace place(String key) {
        known.add(key);
        if (reading.environment().value(pathOf(key)) != null) {
            return new ConfigPlace(Environment.nameOf(pathOf(key)), 0, pathOf(key));
        }
        Entry entry = entries.get(key);
        return new ConfigPlace(reading.source(), entry == null ? line : entry.line, pathOf(key));
    }

    /// Reports the keys that nobody has read, here and in the sections.
    void reportUnknown() {
        entries.forEach((key, entry) -> {
            if (!known.contains(key)) {
                reading.error(entry.line, pathOf(key), "unknown key" + hint(key));
            }
        });
        sections.values().forEach(YamlSettings::reportUnknown);
    }

    private String hint(String key) {
        String meant = Spelling.nearest(key, known);
        if (meant != null) {
            return "; did you mean '" + meant + "'?";
        }
        return known.isEmpty() ? "" : "; here there are: " + String.join(", ", known);
    }

    private static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private static String kindOf(Node node) {
        if (node instanceof SequenceNode) {
            return "a list";
        }
        if (node instanceof ScalarNode scalar) {
            return isNull(node) ? "nothing" : '\'' + scalar.getValue() + '\'';
        }
        return "a section";
    }

    private static int lineOf(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }
}
