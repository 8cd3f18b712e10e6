package im.stanzabus.drill.books;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/// The verdict as people read it and as programs do.
public final class Report {
    private Report() {}

    /// A page of Markdown.
    public static String markdown(Verdict verdict) {
        StringBuilder page = new StringBuilder("# Drill: ")
                .append(title(verdict))
                .append(verdict.arePausesWithinGoals() ? "" : ", some pauses were longer than their goals")
                .append("\n\n");
        books(page, verdict.tally());
        pauses(page, verdict.pauses());
        list(page, "What should not have happened", verdict.failures());
        list(page, "Cases", verdict.tally().examples());
        list(page, "Notes", verdict.notes());
        return page.toString();
    }

    private static String title(Verdict verdict) {
        if (!verdict.complete()) {
            return "broken off after " + verdict.incidents().size()
                    + " faults; what was under way counts as lost or not acknowledged";
        }
        return verdict.isKept() ? "the contract was kept" : "THE CONTRACT WAS BROKEN";
    }

    private static void books(StringBuilder page, Tally tally) {
        page.append("| messages | | |\n|---|--:|---|\n");
        row(page, "sent", tally.sent(), "");
        row(page, "acknowledged", tally.acknowledged(), tally.acknowledged() > 0 ? "" : "**must not be 0**");
        row(page, "delivered", tally.delivered(), "");
        row(page, "**lost**", tally.lost(), must(tally.lost(), "acknowledged, delivered to nobody"));
        row(page, "of these in the archive", tally.lostButArchived(), "");
        row(page, "doubled before de-duplication", tally.knownCopies(), "copies whose stanza-id gives them away");
        row(page, "**doubled**", tally.doubled(), must(tally.doubled(), "after de-duplication by stanza-id"));
        row(page, "**out of order**", tally.outOfOrder(), must(tally.outOfOrder(), "per pair and resource"));
        row(page, "**not acknowledged at the end**", tally.unacknowledged(), must(tally.unacknowledged(), ""));
        row(
                page,
                "sent again on a new stream",
                tally.sentAgain(),
                "by clients that could not resume and did not know whether the server had the message");
        row(page, "copies made that way", tally.ownCopies(), "the client's own, each a message of its own");
        row(page, "refused with an error", tally.refused(), "the sender was told");
        row(page, "refused and delivered", tally.refusedAndDelivered(), must(tally.refusedAndDelivered(), ""));
        row(page, "without stanza-id", tally.withoutStanzaId(), "");
        row(page, "stanza-id used twice", tally.clashes(), must(tally.clashes(), ""));
        row(page, "never sent", tally.strangers(), must(tally.strangers(), ""));
        page.append('\n');
    }

    private static String must(long value, String meaning) {
        String text = value == 0 ? "" : "**must be 0**";
        return meaning.isEmpty() || text.isEmpty() ? text + meaning : text + "; " + meaning;
    }

    private static void row(StringBuilder page, String name, long value, String remark) {
        page.append("| ")
                .append(name)
                .append(" | ")
                .append(value)
                .append(" | ")
                .append(remark)
                .append(" |\n");
    }

    private static void pauses(StringBuilder page, List<Pause> pauses) {
        page.append("Pauses in seconds, median / longest of the faults of a kind:\n\n");
        page.append("| fault | times | messages | acknowledgements | requests | touched clients back | goal |"
                + " within goal |\n");
        page.append("|---|--:|--:|--:|--:|--:|--:|--:|\n");
        for (Pause pause : pauses) {
            page.append("| ").append(pause.kind()).append(" | ").append(pause.times());
            for (List<Long> values :
                    List.of(pause.messages(), pause.acknowledgements(), pause.requests(), pause.clientsBack())) {
                page.append(" | ").append(values.isEmpty() ? "" : span(values));
            }
            page.append(" | ").append(pause.goal() < 0 ? "" : seconds(pause.goal()));
            page.append(" | ").append(pause.goal() < 0 ? "" : within(pause)).append(" |\n");
        }
        page.append('\n');
    }

    private static String within(Pause pause) {
        String count = pause.timesWithinGoal() + " of " + pause.times();
        return pause.isWithinGoal() ? count : "**" + count + "**";
    }

    private static String span(List<Long> values) {
        return seconds(Pause.median(values)) + " / " + seconds(Pause.longest(values));
    }

    private static String seconds(long milliseconds) {
        return String.format(Locale.ROOT, "%.2f", milliseconds / 1000.0);
    }

    private static void list(StringBuilder page, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            page.append(title).append(":\n");
            lines.forEach(line -> page.append("- ").append(line).append('\n'));
            page.append('\n');
        }
    }

    /// The same with every single pause.
    public static JsonObject json(Verdict verdict) {
        JsonArray pauses = new JsonArray();
        for (Pause pause : verdict.pauses()) {
            pauses.add(new JsonObject()
                    .put("kind", pause.kind())
                    .put("messages", new JsonArray(pause.messages()))
                    .put("acknowledgements", new JsonArray(pause.acknowledgements()))
                    .put("requests", new JsonArray(pause.requests()))
                    .put("clientsBack", new JsonArray(pause.clientsBack()))
                    .put("goal", pause.goal())
                    .put("timesWithinGoal", pause.timesWithinGoal())
                    .put("withinGoal", pause.isWithinGoal()));
        }
        JsonArray incidents = new JsonArray();
        for (Incident incident : verdict.incidents()) {
            incidents.add(new JsonObject()
                    .put("kind", incident.kind())
                    .put("victim", incident.victim())
                    .put("startedAt", incident.startedAt())
                    .put("wholeAt", incident.wholeAt())
                    .put("touched", incident.touched().size())
                    .put("failures", new JsonArray(incident.failures())));
        }
        return new JsonObject()
                .put("complete", verdict.complete())
                .put("kept", verdict.isKept())
                .put("pausesWithinGoals", verdict.arePausesWithinGoals())
                .put("books", books(verdict.tally()))
                .put("pauses", pauses)
                .put("incidents", incidents)
                .put("failures", new JsonArray(verdict.failures()))
                .put("notes", new JsonArray(verdict.notes()));
    }

    private static JsonObject books(Tally tally) {
        return new JsonObject()
                .put("sent", tally.sent())
                .put("acknowledged", tally.acknowledged())
                .put("unacknowledged", tally.unacknowledged())
                .put("refused", tally.refused())
                .put("refusedAndDelivered", tally.refusedAndDelivered())
                .put("delivered", tally.delivered())
                .put("lost", tally.lost())
                .put("lostButArchived", tally.lostButArchived())
                .put("doubledBeforeDeduplication", tally.knownCopies())
                .put("doubled", tally.doubled())
                .put("sentAgain", tally.sentAgain())
                .put("ownCopies", tally.ownCopies())
                .put("outOfOrder", tally.outOfOrder())
                .put("withoutStanzaId", tally.withoutStanzaId())
                .put("strangers", tally.strangers())
                .put("clashes", tally.clashes())
                .put("examples", new JsonArray(tally.examples()));
    }
}
