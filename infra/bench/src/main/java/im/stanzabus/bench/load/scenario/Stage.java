package im.stanzabus.bench.load.scenario;

import im.stanzabus.bench.load.client.Accounts;
import im.stanzabus.bench.load.client.Crowd;
import im.stanzabus.bench.load.client.Mishaps;
import im.stanzabus.bench.load.client.Target;
import im.stanzabus.bench.load.measure.Accounting;
import im.stanzabus.bench.load.measure.Measurement;
import im.stanzabus.bench.load.measure.Timing;
import im.stanzabus.bench.load.wire.Loop;
import im.stanzabus.bench.load.wire.Turn;
import java.io.IOException;
import java.util.function.Consumer;

/// What all scenarios share.
///
/// @param logins how many users log in at a time, also where that is not what is measured
/// @param progress is told what happens, for people who wait
public record Stage(
        Loop loop,
        Target target,
        Accounts accounts,
        Accounting accounting,
        Timing timing,
        int logins,
        Mishaps mishaps,
        Consumer<String> progress) {

    /// Users who are not online yet.
    public Crowd crowd(int size) {
        return new Crowd(loop, target, accounts, size, mishaps);
    }

    /// Brings a crowd online and lets everything settle.
    ///
    /// @return false if not everybody is online
    boolean gather(Crowd crowd) throws IOException {
        progress.accept(crowd.size() + " users log in");
        return crowd.login(logins, timing.patience()) && !loop.run(timing.settle(), Turn.WAIT);
    }

    Measurement measurement() {
        return new Measurement(loop, accounting, timing);
    }
}
