package im.stanzabus.bench.load.scenario;

import im.stanzabus.bench.load.measure.Timeline;
import im.stanzabus.bench.load.measure.Window;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was measured with one scenario.
///
/// @param name such as `chat, 1000/s`
/// @param unit of work, such as `message`
/// @param access protocol, cipher and mechanism of the users
/// @param memory of each labelled process; empty where memory is not the question
/// @param timeline of all units, those of the warm-up too; null where units are no question
public record Result(
        String name,
        String unit,
        int users,
        String access,
        List<Window> windows,
        Losses losses,
        Map<String, MemoryUse> memory,
        @Nullable Timeline timeline) {}
