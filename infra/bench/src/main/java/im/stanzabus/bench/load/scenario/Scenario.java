package im.stanzabus.bench.load.scenario;

import java.io.IOException;
import java.util.List;

/// What users do while they are measured.
public interface Scenario {
    /// How many accounts it needs.
    int users();

    /// Runs it, with users of its own who are gone afterwards.
    ///
    /// @return a result for each load; fewer where something went wrong, which is noted as a mishap
    List<Result> run(Stage stage) throws IOException;
}
