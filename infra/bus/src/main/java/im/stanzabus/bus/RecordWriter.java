package im.stanzabus.bus;

import im.stanzabus.stanza.ElementName;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Payload;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes the values that bus messages are made of; {@link RecordReader} reads them. Each starts with a {@link
/// WireTag}.
final class RecordWriter {
    private RecordWriter() {}

    static void write(Buffer out, @Nullable Object value) {
        switch (value) {
            case null -> tag(out, WireTag.NULL);
            case Boolean bool -> tag(out, bool ? WireTag.TRUE : WireTag.FALSE);
            case Integer number -> tag(out, WireTag.INT).appendInt(number);
            case Long number -> tag(out, WireTag.LONG).appendLong(number);
            case String text -> string(tag(out, WireTag.STRING), text);
            case Jid jid -> string(tag(out, WireTag.JID), jid.toString());
            case byte[] bytes -> bytes(tag(out, WireTag.BYTES), bytes);
            case Instant time ->
                tag(out, WireTag.INSTANT).appendLong(time.getEpochSecond()).appendInt(time.getNano());
            case Payload payload -> payload(tag(out, WireTag.PAYLOAD), payload);
            case Enum<?> constant -> {
                string(tag(out, WireTag.ENUM), constant.getDeclaringClass().getName());
                string(out, constant.name());
            }
            case Collection<?> list -> {
                tag(out, list instanceof java.util.Set ? WireTag.SET : WireTag.LIST)
                        .appendInt(list.size());
                list.forEach(element -> write(out, element));
            }
            case Map<?, ?> map -> {
                tag(out, WireTag.MAP).appendInt(map.size());
                map.forEach((key, element) -> {
                    write(out, key);
                    write(out, element);
                });
            }
            default -> {
                RecordShape shape = RecordShape.of(value.getClass());
                string(tag(out, WireTag.RECORD), value.getClass().getName());
                for (int i = 0; i < shape.size(); i++) {
                    write(out, shape.component(value, i));
                }
            }
        }
    }

    private static Buffer tag(Buffer out, WireTag tag) {
        return out.appendByte((byte) tag.ordinal());
    }

    private static void string(Buffer out, String text) {
        bytes(out, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void bytes(Buffer out, byte[] bytes) {
        out.appendInt(bytes.length).appendBytes(bytes);
    }

    private static void payload(Buffer out, Payload payload) {
        bytes(out, payload.bytes());
        out.appendInt(payload.size());
        for (int i = 0; i < payload.size(); i++) {
            ElementName name = payload.name(i);
            string(out, name.namespace());
            string(out, name.name());
        }
    }
}
