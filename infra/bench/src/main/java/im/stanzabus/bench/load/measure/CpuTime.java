package im.stanzabus.bench.load.measure;

/// CPU time in seconds.
///
/// @param system the kernel's part
public record CpuTime(double user, double system) {
    static final CpuTime NONE = new CpuTime(0, 0);

    public double total() {
        return user + system;
    }

    CpuTime plus(CpuTime other) {
        return new CpuTime(user + other.user, system + other.system);
    }

    CpuTime minus(CpuTime other) {
        return new CpuTime(user - other.user, system - other.system);
    }
}
