package im.stanzabus.server;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.server.MeasuredTalk.Cost;
import org.junit.jupiter.api.Test;

/// What a hundred chat messages may need from socket to socket: messages on the bus, SQL statements, writes to sockets
/// and bytes of memory. None of it depends on how fast the machine is. Of several runs the least counts, as whatever
/// else goes on only adds. Budgets of memory are a third above what was measured, which is the same for interpreted and
/// for compiled code; counts have less room, so that one more for each message does not fit.
class HotPathBudgetTest {
    /// In runs.
    private static final int WARM_UP = 5;

    private static final int RUNS = 5;

    /// Messages that come together stay together on each part of their way.
    @Test
    void manyAtATime() throws Exception {
        check("fleeting.example", 100, new Cost(100, 6, 1, 2, 230_000));
    }

    @Test
    void oneAtATime() throws Exception {
        check("fleeting.example", 1, new Cost(100, 340, 1, 105, 540_000));
    }

    /// A hundred messages are two hundred rows.
    @Test
    void manyAtATimeIntoTheLog() throws Exception {
        check("logged.example", 100, new Cost(100, 8, 2, 2, 830_000));
    }

    /// What a message writes for its sender and its receiver is one statement.
    @Test
    void oneAtATimeIntoTheLog() throws Exception {
        check("logged.example", 1, new Cost(100, 540, 110, 105, 2_060_000));
    }

    private static void check(String host, int lines, Cost budget) throws Exception {
        try (MeasuredTalk talk = new MeasuredTalk(host)) {
            int speeches = lines == 1 ? 100 : 5;
            talk.speeches(WARM_UP * speeches, lines);
            Cost least = talk.speeches(speeches, lines);
            for (int i = 1; i < RUNS; i++) {
                least = least.orLess(talk.speeches(speeches, lines));
            }
            check(least.ofAHundred(), budget);
        }
    }

    private static void check(Cost cost, Cost budget) {
        assertThat(cost.busMessages()).as("bus messages of %s", cost).isLessThanOrEqualTo(budget.busMessages());
        assertThat(cost.statements()).as("statements of %s", cost).isLessThanOrEqualTo(budget.statements());
        assertThat(cost.writes()).as("writes of %s", cost).isLessThanOrEqualTo(budget.writes());
        assertThat(cost.bytes()).as("bytes of %s", cost).isLessThanOrEqualTo(budget.bytes());
    }
}
