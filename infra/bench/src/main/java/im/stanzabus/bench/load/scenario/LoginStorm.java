package im.stanzabus.bench.load.scenario;

import im.stanzabus.bench.load.client.Client;
import im.stanzabus.bench.load.client.ClientEvents;
import im.stanzabus.bench.load.client.Crowd;
import im.stanzabus.bench.load.client.Turnstile;
import im.stanzabus.bench.load.measure.Meter;
import im.stanzabus.bench.load.measure.Window;
import im.stanzabus.bench.load.wire.Turn;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Users log in and out, round and round: connection, STARTTLS where wanted, authentication, binding, roster, presence
/// until it comes back, then the end of the stream on both sides. A unit is such a login.
///
/// @param underWay how many log in or out at a time
public record LoginStorm(int users, int underWay) implements Scenario {
    @Override
    public List<Result> run(Stage stage) throws IOException {
        stage.progress().accept("login: " + users + " users, " + underWay + " under way");
        Crowd crowd = stage.crowd(users);
        Round round = new Round(crowd, underWay);
        crowd.listen(round);
        // once round, so that every salted password is known
        boolean isReady = stage.loop().run(stage.timing().patience(), () -> round.isOver() || round.logins >= users);
        if (!isReady) {
            stage.mishaps()
                    .add("only " + round.logins + " of " + users + " users logged in within "
                            + stage.timing().patience().toSeconds() + " s");
        }
        List<Window> windows = stage.measurement().take(round.meter, round);
        round.isEnding = true;
        stage.loop().run(stage.timing().patience(), round.turnstile::isEmpty);
        crowd.leave();
        return windows.isEmpty()
                ? List.of()
                : List.of(new Result(
                        "login, " + underWay + " under way",
                        "login",
                        users,
                        crowd.access(),
                        windows,
                        Losses.NONE,
                        Map.of(),
                        round.meter.timeline()));
    }

    /// Everybody's turn comes again and again.
    private static final class Round implements ClientEvents, Turn {
        private final Meter meter = new Meter();
        private final Crowd crowd;
        private final Turnstile turnstile;
        private int next;
        private long logins;
        private boolean isEnding;

        Round(Crowd crowd, int underWay) {
            this.crowd = crowd;
            turnstile = new Turnstile(underWay, this::next, this::enter);
        }

        /// Null if the one whose turn it is has not gone yet.
        private @Nullable Client next() {
            Client client = crowd.clients().get(next);
            if (isEnding || crowd.isHopeless() || client.isConnected()) {
                return null;
            }
            next = (next + 1) % crowd.size();
            return client;
        }

        private void enter(Client client) {
            meter.sent(0);
            crowd.login(client);
        }

        @Override
        public boolean isOver() {
            turnstile.turn();
            return crowd.isHopeless();
        }

        @Override
        public void online(Client client) {
            logins++;
            meter.done(System.nanoTime(), client.startedAt());
            client.leave();
        }

        @Override
        public void closed(Client client, boolean wanted) {
            turnstile.through();
        }
    }
}
