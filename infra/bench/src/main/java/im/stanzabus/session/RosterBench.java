package im.stanzabus.session;

import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.stanza.Jid;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// The roster of an account at its owner: taking over what roster-service has sent, at each login, and asking whether
/// somebody may see the user.
@State(Scope.Thread)
public class RosterBench {
    @Param({"10", "100", "1000"})
    int contacts = 10;

    private RosterRequest.Snapshot snapshot = snapshot(0);
    private Roster roster = new Roster(snapshot);
    private final Jid stranger = Jid.of("tybalt@localhost/street");
    private Jid friend = stranger;

    static RosterRequest.Snapshot snapshot(int contacts) {
        List<RosterItem> items = new ArrayList<>();
        for (int i = 0; i < contacts; i++) {
            items.add(new RosterItem(
                    Jid.of("contact" + i + "@localhost"),
                    "Contact " + i,
                    List.of("Friends"),
                    RosterItem.Subscription.BOTH,
                    false,
                    false));
        }
        return new RosterRequest.Snapshot("1", items, List.of(), List.of());
    }

    @Setup
    public void prepare() {
        snapshot = snapshot(contacts);
        roster = new Roster(snapshot);
        friend = Jid.of("contact" + contacts / 2 + "@localhost/phone");
    }

    @Benchmark
    public Object load() {
        return new Roster(snapshot);
    }

    @Benchmark
    public boolean askForAFriend() {
        return roster.letsSee(friend);
    }

    @Benchmark
    public boolean askForAStranger() {
        return roster.letsSee(stranger);
    }
}
