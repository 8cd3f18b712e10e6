package im.stanzabus.bench.load.scenario;

import im.stanzabus.bench.load.client.Crowd;
import im.stanzabus.bench.load.measure.Memory;
import im.stanzabus.bench.load.measure.Meter;
import im.stanzabus.bench.load.measure.Window;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Users who are online and do nothing. What is measured is the memory that they take.
public record Idle(int users) implements Scenario {
    @Override
    public List<Result> run(Stage stage) throws IOException {
        Map<String, Memory> before = stage.accounting().memory();
        Crowd crowd = stage.crowd(users);
        if (!stage.gather(crowd)) {
            crowd.leave();
            return List.of();
        }
        stage.progress().accept("idle: " + users + " users");
        List<Window> windows = stage.measurement().take(new Meter(), crowd::isHopeless);
        Map<String, MemoryUse> memory = new LinkedHashMap<>();
        stage.accounting()
                .memory()
                .forEach((label, now) ->
                        memory.put(label, new MemoryUse(before.getOrDefault(label, new Memory(0, 0)), now)));
        if (crowd.online() < users) {
            stage.mishaps().add((users - crowd.online()) + " idle users were thrown out");
        }
        Result result = new Result("idle", "", users, crowd.access(), windows, Losses.NONE, memory, null);
        crowd.leave();
        return List.of(result);
    }
}
