package im.stanzabus.bus;

import im.stanzabus.stanza.ElementName;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Payload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads what {@link RecordWriter} wrote, also of another version: components at the end of a record that
/// are not known here are passed over, those that are missing are null, 0, false or empty. A record that
/// holds a class or constant that is not known here is {@link #UNKNOWN} itself; a list of events leaves it
/// out, as maps and sets do, and anything else becomes unknown with it.
final class RecordReader {
    static final Object UNKNOWN = new Object();

    /// A class as the writer knows it.
    private record Written(Optional<RecordShape> shape, int size) {}

    private final WireInput in;
    private final List<Jid> jids = new ArrayList<>();
    private final List<Object> constants = new ArrayList<>();
    private final List<Written> classes = new ArrayList<>();

    RecordReader(WireInput in) {
        this.in = in;
    }

    @Nullable
    Object read() {
        return read(false);
    }

    private @Nullable Object read(boolean events) {
        return switch (in.tag()) {
            case NULL -> null;
            case TRUE -> true;
            case FALSE -> false;
            case INT -> in.signedInt();
            case LONG -> in.signed();
            case STRING -> in.text();
            case JID -> jid();
            case BYTES -> in.bytes();
            case INSTANT -> Instant.ofEpochSecond(in.signed(), in.unsigned());
            case PAYLOAD -> payload();
            case ENUM -> constant();
            case LIST -> list(events);
            case SET -> Collections.unmodifiableSet(new LinkedHashSet<>(elements(true)));
            case MAP -> map();
            case RECORD -> record();
        };
    }

    private Object list(boolean events) {
        List<@Nullable Object> elements = elements(events);
        return elements.contains(UNKNOWN) ? UNKNOWN : Collections.unmodifiableList(elements);
    }

    private List<@Nullable Object> elements(boolean leaveOut) {
        int size = in.count();
        List<@Nullable Object> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            Object element = read();
            if (!leaveOut || element != UNKNOWN) {
                list.add(element);
            }
        }
        return list;
    }

    private Map<Object, @Nullable Object> map() {
        int size = in.count();
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            Object key = Objects.requireNonNull(read());
            Object value = read();
            if (key != UNKNOWN && value != UNKNOWN) {
                map.put(key, value);
            }
        }
        return Collections.unmodifiableMap(map);
    }

    private Jid jid() {
        int reference = in.reference(jids.size());
        if (reference > 0) {
            return jids.get(reference - 1);
        }
        Jid jid = in.jid();
        jids.add(jid);
        return jid;
    }

    private Object constant() {
        int reference = in.reference(constants.size());
        if (reference > 0) {
            return constants.get(reference - 1);
        }
        Object constant = WireNames.constant(in.text(), in.text())
                .<Object>map(found -> found)
                .orElse(UNKNOWN);
        constants.add(constant);
        return constant;
    }

    private Payload payload() {
        byte[] bytes = in.bytes();
        ElementName[] names = new ElementName[in.count()];
        for (int i = 0; i < names.length; i++) {
            names[i] = new ElementName(in.text(), in.text());
        }
        return new Payload(bytes, names);
    }

    private Object record() {
        Written written = written();
        Optional<RecordShape> shape = written.shape;
        if (shape.isEmpty()) {
            for (int i = 0; i < written.size; i++) {
                read();
            }
            return UNKNOWN;
        }
        return record(shape.get(), written.size);
    }

    private Object record(RecordShape shape, int size) {
        @Nullable Object[] values = shape.absent();
        boolean unknown = false;
        for (int i = 0; i < size; i++) {
            Object value = read(shape.isListOfEvents(i));
            if (i < values.length) {
                values[i] = value;
                unknown |= value == UNKNOWN;
            }
        }
        return unknown ? UNKNOWN : shape.make(values);
    }

    private Written written() {
        int reference = in.reference(classes.size());
        if (reference > 0) {
            return classes.get(reference - 1);
        }
        Written written = new Written(WireNames.shape(in.text()), in.count());
        classes.add(written);
        return written;
    }
}
