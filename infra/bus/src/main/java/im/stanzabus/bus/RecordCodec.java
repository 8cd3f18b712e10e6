package im.stanzabus.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/// Passes {@link BusMessage} records: the object itself inside a process, its components between processes.
/// The first byte on the wire is the version of the format.
public final class RecordCodec implements MessageCodec<BusMessage, BusMessage> {
    static final String NAME = "stanzabus";
    private static final byte VERSION = 1;

    @Override
    public void encodeToWire(Buffer buffer, BusMessage message) {
        buffer.appendByte(VERSION);
        RecordWriter.write(buffer, message);
    }

    @Override
    public BusMessage decodeFromWire(int position, Buffer buffer) {
        byte version = buffer.getByte(position);
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "bus message of version " + version + ", this process speaks " + VERSION);
        }
        if (new RecordReader(buffer, position + 1).read() instanceof BusMessage message) {
            return message;
        }
        throw new IllegalArgumentException("not a bus message");
    }

    @Override
    public BusMessage transform(BusMessage message) {
        return message;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
