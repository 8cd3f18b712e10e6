package im.stanzabus.bus;

import im.stanzabus.stanza.ElementName;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Payload;
import io.vertx.core.buffer.Buffer;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes the values that a bus message is made of; {@link RecordReader} reads them. Each starts with a
/// {@link WireTag}. Addresses, constants and classes that come again are written as their place among
/// those that were written in full; a class with the number of its components, so that a reader who knows
/// other ones, or not the class, finds the end.
final class RecordWriter {
    /// Types that say what the value is.
    private static final Set<Class<?>> AS_DECLARED = Set.of(long.class, int.class, boolean.class, Jid.class);

    private static final ThreadLocal<RecordWriter> OF_THREAD = ThreadLocal.withInitial(RecordWriter::new);

    private final WireOutput out = new WireOutput();
    private final Places jids = new Places();
    private final Places constants = new Places();
    private final Places classes = new Places();

    private RecordWriter() {}

    /// The one that this thread uses for each of its messages.
    static RecordWriter ofThread() {
        return OF_THREAD.get();
    }

    /// Appends a whole message.
    void write(BusMessage message, Buffer buffer) {
        try {
            write(message);
            out.appendTo(buffer);
        } finally {
            out.clear();
            jids.clear();
            constants.clear();
            classes.clear();
        }
    }

    private void write(@Nullable Object value) {
        switch (value) {
            case null -> out.tag(WireTag.NULL);
            case Boolean bool -> out.tag(bool ? WireTag.TRUE : WireTag.FALSE);
            case Integer number -> number(WireTag.INT, number);
            case Long number -> number(WireTag.LONG, number);
            case String text -> {
                out.tag(WireTag.STRING);
                out.text(text);
            }
            case Jid jid -> jid(jid);
            case byte[] bytes -> {
                out.tag(WireTag.BYTES);
                out.bytes(bytes);
            }
            case Instant time -> {
                number(WireTag.INSTANT, time.getEpochSecond());
                out.unsigned(time.getNano());
            }
            case Payload payload -> payload(payload);
            case Enum<?> constant -> constant(constant);
            case Collection<?> elements -> {
                out.tag(elements instanceof Set ? WireTag.SET : WireTag.LIST);
                out.unsigned(elements.size());
                elements.forEach(this::write);
            }
            case Map<?, ?> map -> {
                out.tag(WireTag.MAP);
                out.unsigned(map.size());
                map.forEach((key, element) -> {
                    write(key);
                    write(element);
                });
            }
            default -> record(value);
        }
    }

    /// How a component of a record is written that is declared to be of this type.
    static MethodHandle component(Class<?> type) throws ReflectiveOperationException {
        Class<?> declared = AS_DECLARED.contains(type) ? type : Object.class;
        if (type.isRecord()) {
            declared = Record.class;
        }
        return MethodHandles.lookup()
                .findVirtual(RecordWriter.class, "component", MethodType.methodType(void.class, declared))
                .asType(MethodType.methodType(void.class, RecordWriter.class, type));
    }

    void component(long number) {
        number(WireTag.LONG, number);
    }

    void component(int number) {
        number(WireTag.INT, number);
    }

    void component(boolean bool) {
        out.tag(bool ? WireTag.TRUE : WireTag.FALSE);
    }

    void component(@Nullable Jid jid) {
        if (jid == null) {
            out.tag(WireTag.NULL);
        } else {
            jid(jid);
        }
    }

    void component(@Nullable Record value) {
        if (value == null) {
            out.tag(WireTag.NULL);
        } else {
            record(value);
        }
    }

    void component(@Nullable Object value) {
        write(value);
    }

    private void number(WireTag tag, long number) {
        out.tag(tag);
        out.signed(number);
    }

    private void jid(Jid jid) {
        out.tag(WireTag.JID);
        int known = jids.put(jid);
        out.unsigned(known);
        if (known == 0) {
            out.once(jid.toString());
        }
    }

    private void payload(Payload payload) {
        out.tag(WireTag.PAYLOAD);
        out.bytes(payload.bytes());
        out.unsigned(payload.size());
        for (int i = 0; i < payload.size(); i++) {
            ElementName name = payload.name(i);
            out.text(name.namespace());
            out.text(name.name());
        }
    }

    private void constant(Enum<?> constant) {
        out.tag(WireTag.ENUM);
        int known = constants.put(constant);
        out.unsigned(known);
        if (known == 0) {
            out.text(constant.getDeclaringClass().getName());
            out.text(constant.name());
        }
    }

    private void record(Object value) {
        RecordShape shape = RecordShape.of(value.getClass());
        out.tag(WireTag.RECORD);
        int known = classes.put(value.getClass());
        out.unsigned(known);
        if (known == 0) {
            out.text(value.getClass().getName());
            out.unsigned(shape.size());
        }
        shape.write(this, value);
    }
}
