package im.stanzabus.drill.books;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PausesTest {
    private final Books books = new Books();
    private final List<Question> questions = new ArrayList<>();
    private int number;

    private void message(String sender, String receiver, long sentAt, long deliveredAt, long acknowledgedAt) {
        Label label = new Label(sender, receiver, number++);
        books.sent(label, sentAt);
        books.delivered(receiver + "/a", label.on(1), "id" + number, deliveredAt);
        books.acknowledged(label, acknowledgedAt);
    }

    private static Incident fault(String kind, long startedAt, long wholeAt, String... touched) {
        return new Incident(kind, "x", startedAt, wholeAt, Set.of(touched), touched.length == 0 ? -1 : 700, List.of());
    }

    private Pause only(Goals goals, Incident... incidents) {
        List<Pause> pauses = new Pauses(books, questions, Set.of("away"), goals).of(List.of(incidents));
        assertThat(pauses).hasSize(1);
        return pauses.getFirst();
    }

    @Test
    void aMessageOfBeforeTheFaultWaitsFromTheFaultOn() {
        message("u1/a", "u2", 900, 1_600, 1_700);

        Pause pause = only(new Goals(), fault("kill", 1_000, 5_000));

        assertThat(pause.messages()).containsExactly(600L);
        assertThat(pause.acknowledgements()).containsExactly(700L);
        assertThat(pause.longest()).isEqualTo(600);
    }

    @Test
    void aMessageOfTheFaultWaitsFromItsSendingOn() {
        message("u1/a", "u2", 1_200, 1_250, 1_260);
        message("u1/a", "u2", 2_000, 2_900, 2_910);

        assertThat(only(new Goals(), fault("kill", 1_000, 5_000)).messages()).containsExactly(900L);
    }

    @Test
    void whatWasOverBeforeOrBeganAfterDoesNotCount() {
        message("u1/a", "u2", 100, 990, 995);
        message("u1/a", "u2", 5_001, 9_000, 9_000);

        assertThat(only(new Goals(), fault("kill", 1_000, 5_000)).messages()).containsExactly(0L);
    }

    @Test
    void clientsOfTheVictimAndAbsenteesDoNotCount() {
        message("u1/a", "u2", 1_000, 4_000, 4_000);
        message("u2/a", "u1", 1_000, 4_000, 4_000);
        message("u2/a", "away", 1_000, 4_500, 4_500);
        message("u2/a", "u3", 1_000, 1_300, 1_300);

        Pause pause = only(new Goals(), fault("kill", 1_000, 5_000, "u1/a"));

        assertThat(pause.messages()).containsExactly(300L);
        assertThat(pause.clientsBack()).containsExactly(700L);
        assertThat(pause.longest()).isEqualTo(700);
    }

    @Test
    void requestsCountAsMessagesDo() {
        questions.add(new Question("roster", "probe/a", 900, 2_500));
        questions.add(new Question("login", "victim/a", 900, 4_500));

        Pause pause = only(new Goals().with("kill", 1_000), fault("kill", 1_000, 5_000, "victim/a"));

        assertThat(pause.requests()).containsExactly(1_500L);
        assertThat(pause.isWithinGoal()).isFalse();
    }

    @Test
    void theFirstGoalThatFitsCounts() {
        Goals goals = new Goals().with("kill-session", 3_000).with("kill-", 1_000);
        message("u1/a", "u2", 1_000, 3_500, 3_500);

        assertThat(only(goals, fault("kill-session-service", 1_000, 5_000)).isWithinGoal())
                .isTrue();
        assertThat(only(goals, fault("kill-gateway", 1_000, 5_000)).isWithinGoal())
                .isFalse();
        assertThat(only(goals, fault("split", 1_000, 5_000)).goal()).isEqualTo(-1);
    }

    @Test
    void oneLinePerKindWithOneValuePerFault() {
        message("u1/a", "u2", 1_000, 1_100, 1_100);
        message("u1/a", "u2", 11_000, 11_500, 11_500);
        message("u1/a", "u2", 21_000, 21_300, 21_300);

        Pause pause = only(
                new Goals(), fault("kill", 1_000, 2_000), fault("kill", 11_000, 12_000), fault("kill", 21_000, 22_000));

        assertThat(pause.times()).isEqualTo(3);
        assertThat(pause.messages()).containsExactly(100L, 500L, 300L);
        assertThat(Pause.median(pause.messages())).isEqualTo(300);
        assertThat(Pause.longest(pause.messages())).isEqualTo(500);
    }
}
