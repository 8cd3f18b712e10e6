package im.stanzabus.bus;

import im.stanzabus.stanza.ElementName;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Payload;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads what {@link RecordWriter} wrote.
final class RecordReader {
    private final Buffer in;
    private int position;

    RecordReader(Buffer in, int position) {
        this.in = in;
        this.position = position;
    }

    @Nullable
    Object read() {
        return switch (WireTag.of(in.getByte(position++))) {
            case NULL -> null;
            case TRUE -> true;
            case FALSE -> false;
            case INT -> number();
            case LONG -> longNumber();
            case STRING -> string();
            case JID -> Jid.of(string());
            case BYTES -> bytes();
            case INSTANT -> Instant.ofEpochSecond(longNumber(), number());
            case PAYLOAD -> payload();
            case ENUM -> constant(string(), string());
            case LIST -> Collections.unmodifiableList(elements());
            case SET -> Collections.unmodifiableSet(new LinkedHashSet<>(elements()));
            case MAP -> map();
            case RECORD -> record();
        };
    }

    private Object record() {
        RecordShape shape = RecordShape.of(string());
        @Nullable Object[] values = new Object[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = read();
        }
        return shape.make(values);
    }

    private List<@Nullable Object> elements() {
        int size = number();
        List<@Nullable Object> list = new ArrayList<>(Math.min(size, 1024));
        for (int i = 0; i < size; i++) {
            list.add(read());
        }
        return list;
    }

    private Map<Object, @Nullable Object> map() {
        int size = number();
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            Object key = read();
            map.put(java.util.Objects.requireNonNull(key), read());
        }
        return Collections.unmodifiableMap(map);
    }

    private static Object constant(String className, String name) {
        if (!className.startsWith("im.stanzabus.")) {
            throw new IllegalArgumentException("not a bus message: " + className);
        }
        try {
            for (Object constant : Class.forName(className).getEnumConstants()) {
                if (((Enum<?>) constant).name().equals(name)) {
                    return constant;
                }
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException("this process does not know " + className, e);
        }
        throw new IllegalArgumentException("this process does not know " + className + '.' + name);
    }

    private Payload payload() {
        byte[] bytes = bytes();
        ElementName[] names = new ElementName[number()];
        for (int i = 0; i < names.length; i++) {
            names[i] = new ElementName(string(), string());
        }
        return new Payload(bytes, names);
    }

    private int number() {
        int value = in.getInt(position);
        position += Integer.BYTES;
        return value;
    }

    private long longNumber() {
        long value = in.getLong(position);
        position += Long.BYTES;
        return value;
    }

    private byte[] bytes() {
        int length = number();
        byte[] bytes = in.getBytes(position, position + length);
        position += length;
        return bytes;
    }

    private String string() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }
}
