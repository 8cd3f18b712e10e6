package im.stanzabus.roster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every login costs PostgreSQL must not grow with the number of accounts.
@Timeout(60)
class RosterPlansTest {
    @Test
    void readingARosterNeverScansATable() {
        try (RosterInstances roster = new RosterInstances()) {
            fill(roster);

            for (String statement : new String[] {RosterSql.LOAD, RosterSql.CHANGES_SINCE, RosterSql.CONTACT}) {
                String plan = plan(roster, statement);
                assertThat(plan).contains("_pkey").doesNotContain("Seq Scan");
            }
            assertThat(plan(roster, RosterSql.LOAD)).contains("actual rows=15");
        }
    }

    /// 3000 accounts with ten contacts, a removed one, two blocked JIDs and two waiting requests each.
    private static void fill(RosterInstances roster) {
        String account = "'user' || a || '@example.org'";
        for (String statement : new String[] {
            "INSERT INTO roster SELECT " + account + ", 'life', 10 FROM generate_series(1, 3000) AS a",
            "INSERT INTO roster_item SELECT " + account
                    + ", 'user' || c || '@example.org', 'Name ' || c, '{Friends}', 'both', false, false, c"
                    + " FROM generate_series(1, 3000) AS a, generate_series(1, 10) AS c",
            "INSERT INTO roster_blocked SELECT " + account + ", 'pest' || c || '@example.net'"
                    + " FROM generate_series(1, 3000) AS a, generate_series(1, 2) AS c",
            "INSERT INTO roster_request SELECT " + account + ", 'new' || c || '@example.net', NULL, NULL, '', '{}'"
                    + " FROM generate_series(1, 3000) AS a, generate_series(1, 2) AS c",
            "INSERT INTO roster_removed SELECT " + account
                    + ", 'gone@example.net', 4 FROM generate_series(1, 3000) AS a",
            "ANALYZE"
        }) {
            roster.select(statement, Tuple.tuple());
        }
    }

    private static String plan(RosterInstances roster, String statement) {
        String filled = statement
                .replace("$1", "'user77@example.org'")
                .replace("$2", statement.equals(RosterSql.CONTACT) ? "'user7@example.org'" : "5");
        StringBuilder plan = new StringBuilder();
        for (Row row : roster.select("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) " + filled, Tuple.tuple())) {
            plan.append(row.getString(0)).append('\n');
        }
        return plan.toString();
    }
}
