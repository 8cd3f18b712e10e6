package im.stanzabus.bus;

/// Everything that travels on the bus: immutable records that {@link RecordCodec} can write. On the bus of one process
/// the object itself is passed; between processes its record components are.
public interface BusMessage {}
