package im.stanzabus.bench.load;

import im.stanzabus.bench.load.client.Crowd;
import im.stanzabus.bench.load.scenario.Result;
import im.stanzabus.bench.load.scenario.Scenario;
import im.stanzabus.bench.load.scenario.Stage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Scenarios, one after the other.
///
/// @param register whether to make the accounts first
record LoadRun(Stage stage, List<Scenario> scenarios, boolean register) {
    LoadRun {
        scenarios = List.copyOf(scenarios);
    }

    List<Result> run() throws IOException {
        if (register && !haveAccounts()) {
            return List.of();
        }
        List<Result> results = new ArrayList<>();
        for (Scenario scenario : scenarios) {
            results.addAll(scenario.run(stage));
        }
        return results;
    }

    private boolean haveAccounts() throws IOException {
        int users = scenarios.stream().mapToInt(Scenario::users).max().orElse(0);
        stage.progress().accept(users + " accounts are made");
        Crowd crowd = stage.crowd(users);
        return crowd.register(stage.logins(), stage.timing().patience());
    }
}
