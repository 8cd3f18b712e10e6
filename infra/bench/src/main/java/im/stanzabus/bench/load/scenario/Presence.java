package im.stanzabus.bench.load.scenario;

import im.stanzabus.bench.load.client.Crowd;
import im.stanzabus.bench.load.measure.Window;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Hubs change their presence, and the server tells it to their contacts, who all are online. A unit is one such copy.
///
/// @param hubs how many change their presence
/// @param contacts of each hub; no two hubs share any
/// @param underWay changes at a time, each until its last copy has arrived
public record Presence(int hubs, int contacts, int underWay) implements Scenario {
    /// How long the last copies may take.
    private static final Duration DRAIN = Duration.ofSeconds(15);

    @Override
    public int users() {
        return hubs * (contacts + 1);
    }

    @Override
    public List<Result> run(Stage stage) throws IOException {
        Crowd crowd = stage.crowd(users());
        Hubs layout = new Hubs(crowd.clients(), contacts);
        if (!stage.gather(crowd) || !new Subscriptions(stage, crowd, layout).make()) {
            crowd.leave();
            return List.of();
        }
        stage.progress().accept("presence: " + hubs + " users with " + contacts + " contacts each");
        Broadcasts broadcasts = new Broadcasts(layout, (int) System.nanoTime());
        crowd.listen(broadcasts);
        broadcasts.begin(Math.min(underWay, hubs));
        List<Window> windows = stage.measurement().take(broadcasts.meter(), crowd::isHopeless);
        broadcasts.end();
        stage.loop().run(DRAIN, () -> broadcasts.losses().lost() == 0 || crowd.isHopeless());
        Result result = new Result(
                "presence to " + contacts + " contacts",
                "presence",
                users(),
                crowd.access(),
                windows,
                broadcasts.losses(),
                Map.of(),
                broadcasts.meter().timeline());
        crowd.leave();
        return List.of(result);
    }
}
