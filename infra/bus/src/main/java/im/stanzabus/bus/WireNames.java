package im.stanzabus.bus;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the classes and constants that bus messages name. Only those of this project, so that a message
/// cannot reach for another. What this version does not know is logged once. Safe from any thread.
final class WireNames {
    private static final Logger LOG = LoggerFactory.getLogger(WireNames.class);
    private static final String OURS = "im.stanzabus.";
    private static final int MAX_LOGGED = 1_000;

    private static final Map<String, RecordShape> SHAPES = new ConcurrentHashMap<>();
    private static final Map<String, Map<String, Enum<?>>> CONSTANTS = new ConcurrentHashMap<>();
    private static final Set<String> LOGGED = ConcurrentHashMap.newKeySet();

    private WireNames() {}

    static Optional<RecordShape> shape(String className) {
        RecordShape known = SHAPES.get(className);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<RecordShape> found = find(className).map(RecordShape::of);
        found.ifPresent(shape -> SHAPES.put(className, shape));
        return found;
    }

    static Optional<Enum<?>> constant(String className, String name) {
        Map<String, Enum<?>> constants = CONSTANTS.get(className);
        if (constants == null) {
            constants = find(className).map(WireNames::constants).orElse(Map.of());
            if (!constants.isEmpty()) {
                CONSTANTS.put(className, constants);
            }
        }
        Enum<?> constant = constants.get(name);
        if (constant == null) {
            unknown(className + '.' + name);
        }
        return Optional.ofNullable(constant);
    }

    private static Map<String, Enum<?>> constants(Class<?> type) {
        Map<String, Enum<?>> constants = new HashMap<>();
        Object[] all = type.getEnumConstants();
        for (Object one : all == null ? new Object[0] : all) {
            if (one instanceof Enum<?> constant) {
                constants.put(constant.name(), constant);
            }
        }
        return Map.copyOf(constants);
    }

    static boolean isOurs(String className) {
        return className.startsWith(OURS);
    }

    private static Optional<Class<?>> find(String className) {
        if (!isOurs(className)) {
            throw new IllegalArgumentException("not a bus message: " + className);
        }
        try {
            return Optional.of(Class.forName(className, false, WireNames.class.getClassLoader()));
        } catch (ClassNotFoundException e) {
            unknown(className);
            return Optional.empty();
        }
    }

    private static void unknown(String name) {
        if (LOGGED.size() < MAX_LOGGED && LOGGED.add(name)) {
            LOG.warn("a process of another version sends {}, which is not known here: skipped", name);
        }
    }
}
