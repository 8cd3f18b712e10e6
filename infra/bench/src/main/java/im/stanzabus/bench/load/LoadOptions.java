package im.stanzabus.bench.load;

import im.stanzabus.bench.load.client.Stamp;
import im.stanzabus.bench.load.scenario.Chat;
import im.stanzabus.bench.load.scenario.Idle;
import im.stanzabus.bench.load.scenario.LoginStorm;
import im.stanzabus.bench.load.scenario.Presence;
import im.stanzabus.bench.load.scenario.Scenario;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How many users there are and what they do.
final class LoadOptions {
    private static final int CHATTERS = 200;
    private static final int VISITORS = 400;
    private static final int IDLERS = 1000;
    private static final int MAX_USERS = 1_000_000;
    private static final int MAX_UNDER_WAY = 100_000;
    private static final int MAX_TEXT = 100_000;
    private static final double MAX_RATE = 1e6;

    @Option(
            names = "--users",
            paramLabel = "N",
            description = "Users who chat (" + CHATTERS + "), log in and out (" + VISITORS + ") or are idle (" + IDLERS
                    + ").")
    private @Nullable Integer users;

    @Option(
            names = "--rates",
            split = ",",
            paramLabel = "N",
            description =
                    "chat: messages per second, one load after the other; 0 is as many as go with so many under way"
                            + " (0,1000).")
    private List<Double> rates = List.of(0.0, 1000.0);

    @Option(names = "--under-way", paramLabel = "N", description = "chat: messages at a time (${DEFAULT-VALUE}).")
    private int underWay = 200;

    @Option(names = "--text", paramLabel = "N", description = "chat: characters of a message (${DEFAULT-VALUE}).")
    private int text = 200;

    @Option(names = "--full-jids", description = "chat: address full JIDs, not bare ones.")
    private boolean fullJids;

    @Option(
            names = "--logins",
            paramLabel = "N",
            description = "Logins at a time, in scenario login and before all others (${DEFAULT-VALUE}).")
    private int logins = 64;

    @Option(names = "--hubs", paramLabel = "N", description = "presence: users who change theirs (${DEFAULT-VALUE}).")
    private int hubs = 20;

    @Option(names = "--contacts", paramLabel = "N", description = "presence: contacts of each (${DEFAULT-VALUE}).")
    private int contacts = 50;

    @Option(names = "--changes", paramLabel = "N", description = "presence: changes at a time (${DEFAULT-VALUE}).")
    private int changes = 4;

    int logins() {
        return logins;
    }

    /// @throws IllegalArgumentException if a number makes no sense
    void check() {
        check("--users", users == null ? CHATTERS : users, 2, MAX_USERS);
        check("--under-way", underWay, 1, MAX_UNDER_WAY);
        check("--text", text, Stamp.LENGTH, MAX_TEXT);
        check("--logins", logins, 1, MAX_UNDER_WAY);
        check("--hubs", hubs, 1, MAX_USERS);
        check("--contacts", contacts, 1, MAX_USERS);
        check("--changes", changes, 1, MAX_UNDER_WAY);
        for (double rate : rates) {
            if (rate != 0 && !(rate >= 1 && rate <= MAX_RATE)) {
                throw new IllegalArgumentException("--rates must be 0 or from 1 to " + (long) MAX_RATE);
            }
        }
        if ((long) hubs * (contacts + 1L) > MAX_USERS) {
            throw new IllegalArgumentException("--hubs and --contacts make more than " + MAX_USERS + " users");
        }
    }

    private static void check(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(option + " must be from " + least + " to " + most + ": " + value);
        }
    }

    Scenario scenario(ScenarioName name) {
        return switch (name) {
            case LOGIN -> new LoginStorm(users == null ? VISITORS : users, logins);
            case CHAT -> new Chat(users == null ? CHATTERS : users, rates, underWay, text, fullJids);
            case PRESENCE -> new Presence(hubs, contacts, changes);
            case IDLE -> new Idle(users == null ? IDLERS : users);
        };
    }

    /// How many results a scenario has if nothing goes wrong.
    int results(ScenarioName name) {
        return name == ScenarioName.CHAT ? rates.size() : 1;
    }
}
