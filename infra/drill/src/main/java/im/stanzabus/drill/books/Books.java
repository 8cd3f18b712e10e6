package im.stanzabus.drill.books;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The books of all clients: what was sent, acknowledged and delivered, message by message. Times are in
/// milliseconds of one clock. To be used by one thread.
public final class Books {
    private static final int EXAMPLES = 20;

    private final Map<Label, Passage> passages = new HashMap<>();
    private final Map<String, Inbox> inboxes = new HashMap<>();
    private final List<String> examples = new ArrayList<>();
    private long knownCopies;
    private long doubled;
    private long ownCopies;
    private long outOfOrder;
    private long withoutStanzaId;
    private long strangers;
    private long clashes;
    private long missing;

    /// A client gives a message to its stream for the first time.
    public void sent(Label label, long now) {
        if (passages.putIfAbsent(label, new Passage(label, now)) != null) {
            throw new IllegalArgumentException("sent before: " + label.text());
        }
        missing++;
    }

    /// A client could not resume a stream and gives a message, of which it does not know whether the server has it, to
    /// the next one.
    public void sentAgain(Label label) {
        passage(label).sentAgain();
    }

    /// An `<a/>` or the `h` of a resumption covers a message.
    public void acknowledged(Label label, long now) {
        passage(label).acknowledged(now);
    }

    /// A message came back as an error.
    public void refused(Label label, String condition) {
        Passage passage = passages.get(label);
        if (passage != null && !passage.isRefused()) {
            passage.refused();
            missing -= passage.isDelivered() ? 0 : 1;
            example("refused", label, condition);
        }
    }

    /// A client received a message.
    ///
    /// @param resource the client, such as `u9/a`
    /// @param stanzaId the id by the receiver's account (XEP-0359), null if there is none
    public void delivered(String resource, Copy copy, @Nullable String stanzaId, long now) {
        Label label = copy.label();
        Passage passage = passages.get(label);
        if (passage == null || !resource.startsWith(label.receiver() + '/')) {
            strangers++;
            example("stranger", label, "received by " + resource);
            return;
        }
        withoutStanzaId += stanzaId == null ? 1 : 0;
        Inbox inbox = inboxes.computeIfAbsent(resource, name -> new Inbox());
        switch (inbox.take(copy, passage.streams() == 1, stanzaId)) {
            case FIRST -> arrived(passage, now);
            case LATE -> {
                outOfOrder++;
                example(
                        "out of order",
                        label,
                        "to " + resource + ", sent first at " + passage.sentAt() + ", on " + passage.streams()
                                + " streams, came of stream " + copy.stream() + " at " + now + " ms");
                arrived(passage, now);
            }
            case KNOWN -> knownCopies++;
            case OWN_COPY -> ownCopies++;
            case DOUBLE -> {
                doubled++;
                example(
                        "doubled",
                        label,
                        "to " + resource + ", of stream " + copy.stream() + ", stanza-id " + stanzaId
                                + ", sent first at " + passage.sentAt() + ", came first at " + passage.deliveredAt()
                                + " and again at " + now + " ms");
            }
            case CLASH -> {
                clashes++;
                example("stanza-id used twice", label, stanzaId + " at " + resource);
            }
        }
    }

    private void arrived(Passage passage, long now) {
        missing -= passage.isDelivered() || passage.isRefused() ? 0 : 1;
        passage.delivered(now);
    }

    /// The receiver's archive holds a message.
    public void archived(Label label) {
        Passage passage = passages.get(label);
        if (passage != null) {
            passage.archived();
        }
    }

    /// How many messages nobody has got so far, apart from those that came back.
    public long missing() {
        return missing;
    }

    /// How many messages have been sent.
    public long sentSoFar() {
        return passages.size();
    }

    /// The accounts to which acknowledged messages are missing.
    public Set<String> accountsThatMiss() {
        Set<String> accounts = new TreeSet<>();
        passages.values().stream()
                .filter(Passage::isLost)
                .forEach(passage -> accounts.add(passage.label().receiver()));
        return accounts;
    }

    Collection<Passage> passages() {
        return Collections.unmodifiableCollection(passages.values());
    }

    /// The sum as it stands.
    public Tally tally() {
        List<String> cases = new ArrayList<>(examples);
        passages.values().stream()
                .filter(Passage::isLost)
                .limit(EXAMPLES)
                .forEach(passage -> cases.add("lost: "
                        + passage.label().text() + " (sent at " + passage.sentAt() + " ms, acknowledged at "
                        + passage.acknowledgedAt() + " ms" + (passage.isArchived() ? ", in the archive" : "") + ")"));
        passages.values().stream()
                .filter(passage -> !passage.isAcknowledged())
                .limit(EXAMPLES)
                .forEach(passage -> cases.add(
                        "not acknowledged: " + passage.label().text() + " (sent at " + passage.sentAt() + " ms)"));
        return new Tally(
                passages.size(),
                count(Passage::isAcknowledged),
                count(passage -> !passage.isAcknowledged()),
                count(Passage::isRefused),
                count(passage -> passage.isRefused() && passage.isDelivered()),
                count(Passage::isDelivered),
                count(Passage::isLost),
                count(passage -> passage.isLost() && passage.isArchived()),
                knownCopies,
                doubled,
                count(passage -> passage.streams() > 1),
                ownCopies,
                outOfOrder,
                withoutStanzaId,
                strangers,
                clashes,
                List.copyOf(cases));
    }

    private long count(java.util.function.Predicate<Passage> condition) {
        return passages.values().stream().filter(condition).count();
    }

    private Passage passage(Label label) {
        Passage passage = passages.get(label);
        if (passage == null) {
            throw new IllegalArgumentException("never sent: " + label.text());
        }
        return passage;
    }

    private void example(String kind, Label label, String detail) {
        if (examples.stream().filter(text -> text.startsWith(kind + ':')).count() < EXAMPLES) {
            examples.add(kind + ": " + label.text() + " (" + detail + ")");
        }
    }
}
