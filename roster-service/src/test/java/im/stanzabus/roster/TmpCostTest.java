package im.stanzabus.roster;

import static im.stanzabus.roster.RosterInstances.await;

import im.stanzabus.stanza.*;
import io.vertx.core.Future;
import io.vertx.sqlclient.*;
import java.nio.file.*;
import java.util.*;
import org.junit.jupiter.api.Test;

class TmpCostTest {
    static long cpu(List<Integer> pids) throws Exception {
        long t = 0;
        for (int p : pids) {
            String s = Files.readString(Path.of("/proc/" + p + "/stat"));
            String[] f = s.substring(s.lastIndexOf(')') + 2).split(" ");
            t += Long.parseLong(f[11]) + Long.parseLong(f[12]);
        }
        return t * 10_000; // µs
    }

    @Test
    void cost() throws Exception {
        try (RosterInstances roster = new RosterInstances()) {
            var m = RosterPlansTest.class.getDeclaredMethod("fill", RosterInstances.class);
            m.setAccessible(true);
            m.invoke(null, roster);
            for (Row row : roster.select(
                    "EXPLAIN (ANALYZE, BUFFERS) " + RosterSql.LOAD.replace("$1", "'user77@example.org'"),
                    Tuple.tuple())) System.out.println(row.getString(0));
            SqlConnection c = await(roster.pool().getConnection());
            int pid = await(c.query("select pg_backend_pid()").execute())
                    .iterator()
                    .next()
                    .getInteger(0);
            for (int round = 0; round < 5; round++) {
                int n = 20000;
                long c0 = cpu(List.of(pid));
                long t0 = System.nanoTime();
                for (int i = 0; i < n; i += 20) {
                    List<Future<?>> f = new ArrayList<>();
                    for (int k = 0; k < 20; k++)
                        f.add(c.preparedQuery(RosterSql.LOAD)
                                .execute(Tuple.of("user" + ((i + k) % 3000 + 1) + "@example.org")));
                    await(Future.all(f));
                }
                long t1 = System.nanoTime();
                System.out.println("pipelined: wall " + (t1 - t0) / 1000.0 / n + " us, backend cpu "
                        + (cpu(List.of(pid)) - c0) / (double) n + " us per load");
                n = 5000;
                c0 = cpu(List.of(pid));
                t0 = System.nanoTime();
                for (int i = 0; i < n; i++)
                    await(c.preparedQuery(RosterSql.LOAD).execute(Tuple.of("user" + (i % 3000 + 1) + "@example.org")));
                t1 = System.nanoTime();
                System.out.println("one by one: wall " + (t1 - t0) / 1000.0 / n + " us, backend cpu "
                        + (cpu(List.of(pid)) - c0) / (double) n + " us per load");
            }
            await(c.close());
            roster.start(RosterConfig.DEFAULTS);
            for (int round = 0; round < 4; round++) {
                int n = 3000;
                long t0 = System.nanoTime();
                for (int i = 0; i < n; i++) roster.load(Jid.of("user" + (i % 3000 + 1) + "@example.org"));
                long t1 = System.nanoTime();
                System.out.println("bus load: wall " + (t1 - t0) / 1000.0 / n + " us");
                t0 = System.nanoTime();
                n = 1000;
                for (int i = 0; i < n; i++)
                    roster.set(
                            Jid.of("user" + (i % 3000 + 1) + "@example.org"),
                            Jid.of("x" + round + "@example.org"),
                            "x");
                t1 = System.nanoTime();
                System.out.println("bus set: wall " + (t1 - t0) / 1000.0 / n + " us");
                t0 = System.nanoTime();
                n = 3000;
                for (int i = 0; i < n; i++) roster.load(Jid.of("nobody" + i + "@example.org"));
                t1 = System.nanoTime();
                System.out.println("bus load of nobody: wall " + (t1 - t0) / 1000.0 / n + " us");
            }
        }
    }
}
