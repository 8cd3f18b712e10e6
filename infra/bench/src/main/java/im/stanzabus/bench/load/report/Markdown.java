package im.stanzabus.bench.load.report;

import im.stanzabus.bench.load.measure.Window;
import im.stanzabus.bench.load.scenario.Losses;
import im.stanzabus.bench.load.scenario.MemoryUse;
import im.stanzabus.bench.load.scenario.Result;
import java.util.List;
import java.util.Map;

/// What was measured, for people.
public final class Markdown {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MICROS_PER_SECOND = 1e6;
    private static final double KIB_PER_MIB = 1024;
    private static final List<Double> PERCENTILES = List.of(50.0, 99.0, 99.9, 100.0);

    private static final String MEMORY_HEADER = """
             | RSS before, MiB | with them, MiB | KiB a user | CPU µs a user and second |
            |---|---|---|---|---|
            """;

    private Markdown() {}

    /// A page with a table of the loads, one of memory, and what went wrong.
    public static String page(Verdict verdict) {
        StringBuilder page = new StringBuilder("# Bench: ")
                .append(verdict.isValid() ? "valid" : "FAILED, the figures mean little")
                .append("\n\n")
                .append(verdict.server())
                .append("; windows: ")
                .append(verdict.timing().windows())
                .append(" × ")
                .append(verdict.timing().window().toMillis() / 1000.0)
                .append(" s, median (least–most)\n\n");
        loads(page, verdict);
        memory(page, verdict);
        if (verdict.mishaps().count() > 0) {
            page.append("What should not have happened (")
                    .append(verdict.mishaps().count())
                    .append(" in all):\n");
            verdict.mishaps()
                    .examples()
                    .forEach(each -> page.append("- ").append(each).append('\n'));
            page.append('\n');
        }
        return page.toString();
    }

    private static void loads(StringBuilder page, Verdict verdict) {
        List<Result> loads = verdict.results().stream()
                .filter(result -> result.timeline() != null)
                .toList();
        if (loads.isEmpty()) {
            return;
        }
        page.append("| load | users | access | unit | per second |");
        verdict.labels()
                .forEach(label -> page.append(" CPU µs, ").append(cell(label)).append(" |"));
        page.append(" p50 ms | p99 ms | p99.9 ms | max ms | sent late, p99 ms | lost, doubled, astray |\n|");
        page.append("---|".repeat(11 + verdict.labels().size())).append('\n');
        for (Result result : loads) {
            page.append("| ").append(result.name());
            page.append(" | ").append(result.users());
            page.append(" | ").append(result.access());
            page.append(" | ").append(result.unit());
            page.append(" | ")
                    .append(Spread.of(result.windows(), Window::perSecond).text());
            for (String label : verdict.labels()) {
                Spread cpu = Spread.of(result.windows(), window -> window.cpu().microsPerUnit(label, window.done()));
                page.append(" | ").append(cpu.text());
            }
            for (double percentile : PERCENTILES) {
                page.append(" | ").append(latency(result, percentile).text());
            }
            page.append(" | ").append(lateness(result).text());
            page.append(" | ").append(losses(result.losses())).append(" |\n");
        }
        page.append('\n');
        if (!verdict.labels().isEmpty()) {
            others(page, loads);
        }
    }

    /// What may have disturbed the measurement.
    private static void others(StringBuilder page, List<Result> loads) {
        List<Window> windows =
                loads.stream().flatMap(result -> result.windows().stream()).toList();
        Spread foreign = Spread.of(
                windows, window -> window.cpu().foreign() / window.cpu().seconds());
        Spread stolen = Spread.of(
                windows, window -> window.cpu().stolen() / window.cpu().seconds());
        page.append("Other processes of this machine used ")
                .append(foreign.text())
                .append(" cores, its host kept ")
                .append(stolen.text())
                .append(" from it.\n\n");
    }

    private static Spread latency(Result result, double percentile) {
        return Spread.of(
                result.windows(), window -> window.latencies().getValueAtPercentile(percentile) / NANOS_PER_MILLI);
    }

    private static Spread lateness(Result result) {
        return Spread.of(result.windows(), window -> window.lateness().getValueAtPercentile(99.0) / NANOS_PER_MILLI);
    }

    private static String losses(Losses losses) {
        String text = losses.lost() + ", " + losses.doubled() + ", " + losses.misdelivered();
        return losses.areNone() ? text : "**" + text + "**";
    }

    private static void memory(StringBuilder page, Verdict verdict) {
        for (Result result : verdict.results()) {
            if (result.memory().isEmpty()) {
                continue;
            }
            page.append("| ")
                    .append(result.users())
                    .append(" idle users, ")
                    .append(result.access())
                    .append(MEMORY_HEADER);
            for (Map.Entry<String, MemoryUse> each : result.memory().entrySet()) {
                MemoryUse use = each.getValue();
                Spread cpu = Spread.of(
                        result.windows(),
                        window -> window.cpu().cores(each.getKey()) * MICROS_PER_SECOND / result.users());
                page.append("| ").append(cell(each.getKey()));
                page.append(" | ").append(Spread.number(use.before().resident() / KIB_PER_MIB));
                page.append(" | ").append(Spread.number(use.after().resident() / KIB_PER_MIB));
                page.append(" | ").append(Spread.number(use.residentPerUser(result.users())));
                page.append(" | ").append(cpu.text()).append(" |\n");
            }
            page.append('\n');
        }
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
