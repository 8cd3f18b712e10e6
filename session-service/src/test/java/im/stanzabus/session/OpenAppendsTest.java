package im.stanzabus.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenAppendsTest {
    private final List<String> told = new ArrayList<>();
    private final OpenAppends appends = new OpenAppends();

    @Test
    void whoComesWhenNothingIsUnderWayIsToldAtOnce() {
        appends.whenSettled(() -> told.add("now"));
        assertThat(told).containsExactly("now");
    }

    @Test
    void whatWasBegunBeforeIsWaitedForInAnyOrderAndNothingElse() {
        long first = appends.begin();
        long second = appends.begin();
        appends.whenSettled(() -> told.add("two"));
        long third = appends.begin();
        appends.whenSettled(() -> told.add("three"));
        appends.end(second);
        appends.end(second);
        assertThat(told).isEmpty();
        appends.end(first);
        assertThat(told).containsExactly("two");
        appends.end(third);
        assertThat(told).containsExactly("two", "three");
        assertThat(appends.size()).isZero();
    }

    @Test
    void whoHasGivenUpIsNotTold() {
        long append = appends.begin();
        appends.whenSettled(() -> told.add("late")).run();
        appends.end(append);
        assertThat(told).isEmpty();
    }
}
