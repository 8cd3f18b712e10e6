package im.stanzabus.bench.load.measure;

/// Memory of a process and its descendants, in KiB.
///
/// @param resident of all pages, those that are shared counted for each process
/// @param proportional likewise, but each process counts its part only
public record Memory(long resident, long proportional) {
    Memory plus(Memory other) {
        return new Memory(resident + other.resident, proportional + other.proportional);
    }
}
