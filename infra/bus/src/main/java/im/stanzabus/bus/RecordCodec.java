package im.stanzabus.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/// Passes {@link BusMessage} records: the object itself inside a process, its components between
/// processes. The first byte on the wire is the version of the format. Two versions of the project side by
/// side understand each other as long as records only gain components at their end: {@link RecordReader}
/// tells how. Anything else needs another format version.
public final class RecordCodec implements MessageCodec<BusMessage, BusMessage> {
    static final String NAME = "stanzabus";
    static final byte VERSION = 2;

    @Override
    public void encodeToWire(Buffer buffer, BusMessage message) {
        buffer.appendByte(VERSION);
        RecordWriter.ofThread().write(message, buffer);
    }

    @Override
    public BusMessage decodeFromWire(int position, Buffer buffer) {
        byte version = buffer.getByte(position);
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "bus message of version " + version + ", this process speaks " + VERSION);
        }
        byte[] bytes = buffer.getBytes(position + 1, buffer.length());
        if (new RecordReader(new WireInput(bytes)).read() instanceof BusMessage message) {
            return message;
        }
        throw new IllegalArgumentException("not a bus message that this version knows");
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
