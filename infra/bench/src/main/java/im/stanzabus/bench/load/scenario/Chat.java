package im.stanzabus.bench.load.scenario;

import im.stanzabus.bench.load.client.Crowd;
import im.stanzabus.bench.load.measure.Window;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Everybody in turn writes to somebody else, chosen at random. A unit is a delivered message.
///
/// @param rates messages per second, one load after the other; 0 for as many as go with so many under way
/// @param underWay messages at a time, where the rate is 0
/// @param text characters of a message
/// @param toFullJids whether messages go to full JIDs and not to bare ones
public record Chat(int users, List<Double> rates, int underWay, int text, boolean toFullJids) implements Scenario {
    /// How long the last messages may take.
    private static final Duration DRAIN = Duration.ofSeconds(15);

    public Chat {
        rates = List.copyOf(rates);
    }

    @Override
    public List<Result> run(Stage stage) throws IOException {
        Crowd crowd = stage.crowd(users);
        List<Result> results = new ArrayList<>();
        if (stage.gather(crowd)) {
            for (double rate : rates) {
                results.add(load(stage, crowd, rate));
            }
        }
        crowd.leave();
        return results;
    }

    private Result load(Stage stage, Crowd crowd, double rate) throws IOException {
        String name = rate == 0
                ? "chat, " + underWay + " under way"
                : "chat, " + String.format(Locale.ROOT, "%.0f", rate) + "/s";
        stage.progress().accept(name + ": " + users + " users");
        Conversations conversations = new Conversations(crowd, text, toFullJids);
        crowd.listen(conversations);
        List<Window> windows;
        if (rate == 0) {
            conversations.begin(underWay);
            windows = stage.measurement().take(conversations.meter(), crowd::isHopeless);
        } else {
            try (Pacer pacer = new Pacer(stage.loop(), rate).start()) {
                windows = stage.measurement().take(conversations.meter(), () -> {
                    pacer.act(conversations::send);
                    return crowd.isHopeless();
                });
            }
        }
        conversations.end();
        stage.loop().run(DRAIN, () -> conversations.books().missing() == 0 || crowd.isHopeless());
        return new Result(
                name,
                "message",
                users,
                crowd.access(),
                windows,
                conversations.books().losses(),
                Map.of(),
                conversations.meter().timeline());
    }
}
