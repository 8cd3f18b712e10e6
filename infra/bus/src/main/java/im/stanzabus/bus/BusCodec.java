package im.stanzabus.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/// {@link RecordCodec} on the event bus. What cannot be read, because a process of another version sent
/// it, becomes a message that says so: an exception would leave a question whose answer it is without any
/// end.
final class BusCodec implements MessageCodec<BusMessage, BusMessage> {
    /// A message that cannot be read here.
    record Unreadable(String why) implements BusMessage {}

    private final RecordCodec codec = new RecordCodec();

    /// The body of a message, which must be of this type.
    ///
    /// @throws IllegalArgumentException if it cannot be read
    static <T extends BusMessage> T read(Class<T> type, Object body) {
        if (body instanceof Unreadable unreadable) {
            throw new IllegalArgumentException(unreadable.why);
        }
        return type.cast(body);
    }

    @Override
    public void encodeToWire(Buffer buffer, BusMessage message) {
        codec.encodeToWire(buffer, message);
    }

    @Override
    public BusMessage decodeFromWire(int position, Buffer buffer) {
        try {
            return codec.decodeFromWire(position, buffer);
        } catch (RuntimeException e) {
            return new Unreadable(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public BusMessage transform(BusMessage message) {
        return message;
    }

    @Override
    public String name() {
        return codec.name();
    }

    @Override
    public byte systemCodecID() {
        return codec.systemCodecID();
    }
}
