package im.stanzabus.bench.load.report;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bench.load.client.Mishaps;
import im.stanzabus.bench.load.measure.CpuTime;
import im.stanzabus.bench.load.measure.CpuUse;
import im.stanzabus.bench.load.measure.Memory;
import im.stanzabus.bench.load.measure.Timeline;
import im.stanzabus.bench.load.measure.Timing;
import im.stanzabus.bench.load.measure.Window;
import im.stanzabus.bench.load.scenario.Losses;
import im.stanzabus.bench.load.scenario.MemoryUse;
import im.stanzabus.bench.load.scenario.Result;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ReportTest {
    private static final Timing TIMING =
            new Timing(Duration.ofSeconds(1), Duration.ofSeconds(2), 2, Duration.ofSeconds(1), Duration.ofSeconds(9));
    private static final Losses NONE = new Losses(0, 0, 0);

    private final Mishaps mishaps = new Mishaps();

    private static Window window(int units, double cpuSeconds) {
        Histogram latencies = new Histogram(3);
        for (int i = 1; i <= units; i++) {
            latencies.recordValue(i * 10_000L);
        }
        CpuUse use = new CpuUse(2, Map.of("server <1>", new CpuTime(cpuSeconds, 0)), 0.5, 0);
        return new Window(units, units, latencies, new Histogram(3), use);
    }

    private static Result result(String name, Losses losses, Window... windows) {
        Timeline timeline = new Timeline(0);
        for (int i = 0; i < 10; i++) {
            timeline.add(i * Timeline.STEP);
        }
        return new Result(name, "message", 20, "none, PLAIN", List.of(windows), losses, Map.of(), timeline);
    }

    private Verdict verdict(Result... results) {
        return new Verdict("localhost:5222", List.of("server <1>"), TIMING, List.of(results), results.length, mishaps);
    }

    @Test
    void theTableHasMediansAndTheirSpread() {
        Verdict verdict = verdict(result("chat", NONE, window(1000, 0.02), window(2000, 0.02)));

        assertThat(verdict.isValid()).isTrue();
        assertThat(Markdown.page(verdict))
                .startsWith("# Bench: valid\n")
                .contains("| chat | 20 | none, PLAIN | message | 750 (500–1000) | 15.0 (10.0–20.0) | 7.5")
                .contains(
                        "| 0, 0, 0 |",
                        "\nOther processes of this machine used 0.25 cores, its host kept 0.00 from it.\n");
        List<String> table = Markdown.page(verdict)
                .lines()
                .filter(line -> line.startsWith("|"))
                .toList();
        assertThat(table)
                .hasSize(3)
                .extracting(line -> line.chars().filter(each -> each == '|').count())
                .containsOnly(13L);
    }

    @Test
    void aLossSpoilsTheRun() {
        Verdict verdict = verdict(result("chat", new Losses(1, 0, 0), window(10, 1), window(10, 1)));

        assertThat(verdict.isValid()).isFalse();
        assertThat(Markdown.page(verdict)).startsWith("# Bench: FAILED").contains("| **1, 0, 0** |");
        assertThat(Json.of(verdict).getBoolean("valid")).isFalse();
    }

    @Test
    void soDoesAMishapAWindowThatIsMissingAndAResultThatIs() {
        Result whole = result("chat", NONE, window(10, 1), window(10, 1));
        assertThat(verdict(result("chat", NONE, window(10, 1))).isValid()).isFalse();
        assertThat(new Verdict("x", List.of(), TIMING, List.of(whole), 2, mishaps).isValid())
                .isFalse();

        mishaps.add("u1: not-authorized\n  line");

        assertThat(verdict(whole).isValid()).isFalse();
        assertThat(Markdown.page(verdict(whole))).contains("(1 in all):\n- u1: not-authorized line\n");
    }

    @Test
    void idleUsersHaveATableOfMemory() {
        Result idle = new Result(
                "idle",
                "",
                512,
                "none, PLAIN",
                List.of(window(0, 1), window(0, 1)),
                NONE,
                Map.of("server <1>", new MemoryUse(new Memory(102_400, 1), new Memory(107_520, 2))),
                null);

        assertThat(Markdown.page(verdict(idle))).contains("| server <1> | 100 | 105 | 10.0 |");
        JsonObject memory = Json.of(verdict(idle))
                .getJsonArray("results")
                .getJsonObject(0)
                .getJsonObject("memory")
                .getJsonObject("server <1>");
        assertThat(memory.getDouble("residentPerUser")).isEqualTo(10);
        assertThat(memory.getJsonObject("after").getLong("proportional")).isEqualTo(2);
    }

    @Test
    void jsonHasEveryWindow() {
        JsonObject json = Json.of(verdict(result("chat", NONE, window(1000, 0.02), window(2000, 0.02))));

        JsonObject second = new JsonObject(json.encode())
                .getJsonArray("results")
                .getJsonObject(0)
                .getJsonArray("windows")
                .getJsonObject(1);
        assertThat(second.getDouble("perSecond")).isEqualTo(1000);
        assertThat(second.getJsonObject("cpu").getJsonObject("server <1>").getDouble("microsPerUnit"))
                .isEqualTo(10);
        assertThat(second.getJsonObject("latencyMicros").getDouble("max")).isBetween(19_990.0, 20_030.0);
        assertThat(second.getDouble("foreignCores")).isEqualTo(0.25);
    }

    @Test
    void plotsAreWellFormedAndHaveALineForEachLoad(@TempDir Path folder) throws Exception {
        List<Result> results = List.of(
                result("chat <&> \"1\"", NONE, window(1000, 1)),
                result("other", NONE, window(5, 1), window(100_000, 1)));

        List<Path> files = Plots.write(results, folder.resolve("new"));

        assertThat(files)
                .extracting(file -> file.getFileName().toString())
                .containsExactly("latency.svg", "throughput.svg");
        for (Path file : files) {
            Document svg = parse(Files.readString(file));
            assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
            NodeList lines = svg.getElementsByTagName("polyline");
            assertThat(lines.getLength()).isEqualTo(2);
            assertThat(((Element) lines.item(1)).getAttribute("points").split(" "))
                    .hasSizeGreaterThan(5);
            assertThat(svg.getDocumentElement().getTextContent()).contains("chat <&> \"1\"");
        }
    }

    private static Document parse(String text) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void nothingIsDrawnOfIdleUsers(@TempDir Path folder) throws Exception {
        Result idle = new Result("idle", "", 5, "", List.of(window(0, 1)), NONE, Map.of(), null);

        assertThat(Plots.write(List.of(idle), folder)).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }
}
