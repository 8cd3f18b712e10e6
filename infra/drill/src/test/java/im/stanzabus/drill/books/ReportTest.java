package im.stanzabus.drill.books;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static Verdict verdict(boolean lost, List<String> failures, long goal) {
        Books books = new Books();
        Label label = new Label("u1/a", "u2", 0);
        books.sent(label, 0);
        books.acknowledged(label, 1);
        if (!lost) {
            books.delivered("u2/a", label.on(1), "1", 2);
        }
        Pause pause = new Pause(
                "kill-x",
                List.of(1_200L, 300L, 400L),
                List.of(1L, 1L, 1L),
                List.of(2L, 2L, 2L),
                List.of(-1L, 700L, 100L),
                goal);
        Incident incident = new Incident("kill-x", "x-1", 5, 9, Set.of(), -1, failures);
        return new Verdict(true, books.tally(), List.of(pause), List.of(incident), failures, List.of("Seed 7."));
    }

    @Test
    void aGoodDrillSaysSo() {
        Verdict verdict = verdict(false, List.of(), 2_000);

        assertThat(verdict.isKept()).isTrue();
        assertThat(Report.markdown(verdict))
                .startsWith("# Drill: the contract was kept\n")
                .contains("| **lost** | 0 | acknowledged, delivered to nobody |")
                .contains("| kill-x | 3 | 0.40 / 1.20 | 0.00 / 0.00 | 0.00 / 0.00 | 0.10 / 0.70 | 2.00 | 3 of 3 |")
                .contains("- Seed 7.");
        assertThat(Report.json(verdict).getJsonObject("books").getLong("lost")).isZero();
        assertThat(Report.json(verdict)
                        .getJsonArray("incidents")
                        .getJsonObject(0)
                        .getString("victim"))
                .isEqualTo("x-1");
    }

    @Test
    void aLossIsSeenAtOnce() {
        Verdict verdict = verdict(true, List.of(), -1);

        assertThat(verdict.isKept()).isFalse();
        assertThat(Report.markdown(verdict))
                .startsWith("# Drill: THE CONTRACT WAS BROKEN\n")
                .contains("| **lost** | 1 | **must be 0**; acknowledged, delivered to nobody |")
                .contains("- lost: u1/a u2 0 ");
        assertThat(Report.json(verdict).getBoolean("kept")).isFalse();
    }

    @Test
    void aClusterThatDoesNotRecoverBreaksItToo() {
        assertThat(verdict(false, List.of("x was not ready"), -1).isKept()).isFalse();
    }

    @Test
    void aPauseBeyondItsGoalIsMarked() {
        Verdict verdict = verdict(false, List.of(), 1_000);

        assertThat(verdict.isKept()).isTrue();
        assertThat(verdict.arePausesWithinGoals()).isFalse();
        assertThat(Report.markdown(verdict)).contains("| 1.00 | **2 of 3** |").contains("some pauses were longer");
    }

    @Test
    void aPauseOfRequestsOrOfTouchedClientsCountsAgainstTheGoalToo() {
        Pause pause = new Pause(
                "kill-x",
                List.of(1L, 1L, 1L, 1L),
                List.of(9_000L, 1L, 1L, 1L),
                List.of(1L, 2_000L, 1L, 1L),
                List.of(-1L, -1L, 3_000L, 500L),
                1_000);

        assertThat(pause.timesWithinGoal()).isEqualTo(2);
        assertThat(pause.isWithinGoal()).isFalse();
    }

    @Test
    void aDrillThatWasBrokenOffSaysSo() {
        Verdict verdict = verdict(false, List.of(), 2_000).brokenOffBy("x did not recover");

        assertThat(verdict.isKept()).isFalse();
        assertThat(Report.markdown(verdict))
                .startsWith("# Drill: broken off after 1 faults; what was under way")
                .contains("- x did not recover")
                .contains("| kill-x | 3 |");
        assertThat(Report.json(verdict).getBoolean("complete")).isFalse();
    }
}
