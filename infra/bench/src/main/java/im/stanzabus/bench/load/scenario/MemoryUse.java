package im.stanzabus.bench.load.scenario;

import im.stanzabus.bench.load.measure.Memory;

/// Memory of a process and its descendants before the first user came and with all of them.
public record MemoryUse(Memory before, Memory after) {
    /// Resident memory for each user, in KiB.
    public double residentPerUser(int users) {
        return (after.resident() - before.resident()) / (double) users;
    }
}
