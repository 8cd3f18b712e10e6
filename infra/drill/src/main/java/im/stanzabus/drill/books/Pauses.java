package im.stanzabus.drill.books;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/// Finds the pauses: how long messages and requests waited because of a fault. What was sent before the fault and
/// arrived after it counts from the fault on; what was sent after the cluster was whole again does not count.
public final class Pauses {
    private final Collection<Passage> passages;
    private final List<Question> questions;
    private final Set<String> absentees;
    private final Goals goals;

    /// @param absentees accounts that are offline at times of their own choice: messages for them wait for them, not
    ///     for the server
    public Pauses(Books books, List<Question> questions, Set<String> absentees, Goals goals) {
        this.passages = books.passages();
        this.questions = List.copyOf(questions);
        this.absentees = Set.copyOf(absentees);
        this.goals = goals;
    }

    /// One line per kind, by name.
    public List<Pause> of(List<Incident> incidents) {
        Map<String, List<Incident>> kinds = new TreeMap<>();
        incidents.forEach(incident -> kinds.computeIfAbsent(incident.kind(), kind -> new ArrayList<>())
                .add(incident));
        return kinds.entrySet().stream()
                .map(kind -> pause(kind.getKey(), kind.getValue()))
                .toList();
    }

    private Pause pause(String kind, List<Incident> incidents) {
        List<Long> messages = new ArrayList<>();
        List<Long> acknowledgements = new ArrayList<>();
        List<Long> requests = new ArrayList<>();
        List<Long> back = new ArrayList<>();
        for (Incident incident : incidents) {
            Map<String, Boolean> touched = new LinkedHashMap<>();
            List<Passage> counting = passages.stream()
                    .filter(passage -> passage.sentAt() <= incident.wholeAt())
                    .filter(passage -> passage.isDelivered() || passage.isAcknowledged())
                    .filter(passage ->
                            !incident.touched().contains(passage.label().sender()))
                    .filter(passage -> !touched.computeIfAbsent(
                            passage.label().receiver(),
                            account -> absentees.contains(account) || incident.touchesAccount(account)))
                    .toList();
            messages.add(longest(incident, counting, Passage::deliveredAt));
            acknowledgements.add(longest(incident, counting, Passage::acknowledgedAt));
            requests.add(questions.stream()
                    .filter(question -> !incident.touched().contains(question.client()))
                    .filter(question -> question.askedAt() <= incident.wholeAt())
                    .mapToLong(question -> wait(incident, question.askedAt(), question.answeredAt()))
                    .max()
                    .orElse(0));
            back.add(incident.clientsBackAfter());
        }
        return new Pause(kind, messages, acknowledgements, requests, back, goals.of(kind));
    }

    private static long longest(Incident incident, List<Passage> passages, ToLongFunction<Passage> end) {
        return passages.stream()
                .mapToLong(passage -> wait(incident, passage.sentAt(), end.applyAsLong(passage)))
                .max()
                .orElse(0);
    }

    /// How long something that began and ended then has waited since the fault.
    private static long wait(Incident incident, long begin, long end) {
        return Math.max(0, end - Math.max(begin, incident.startedAt()));
    }
}
