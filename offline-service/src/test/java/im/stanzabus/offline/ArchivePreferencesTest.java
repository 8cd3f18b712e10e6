package im.stanzabus.offline;

import static im.stanzabus.offline.ArchiveClient.refusal;
import static im.stanzabus.offline.LogServer.JULIET;
import static im.stanzabus.offline.LogServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.LogRequest.ArchivePreference;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.offline.archive.Archive;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// XEP-0441 section 2.
class ArchivePreferencesTest {
    private final LogServer log = new LogServer();
    private final ArchiveClient client = new ArchiveClient(log);

    @AfterEach
    void close() {
        log.close();
    }

    private static Element prefs(@Nullable String fallback, List<String> always, List<String> never) {
        return Element.builder("prefs", Archive.NAMESPACE)
                .attribute("default", fallback)
                .child(list("always", always))
                .child(list("never", never))
                .build();
    }

    private static Element list(String name, List<String> addresses) {
        Element.Builder list = Element.builder(name, Archive.NAMESPACE);
        addresses.forEach(address -> list.childText("jid", address));
        return list.build();
    }

    private Element get() {
        return client.ask(StanzaType.GET, Element.of("prefs", Archive.NAMESPACE))
                .payload()
                .getFirst();
    }

    private Element set(Element prefs) {
        return client.ask(StanzaType.SET, prefs).payload().getFirst();
    }

    @Test
    void archivesAllByDefault() {
        assertThat(get()).isEqualTo(prefs("always", List.of(), List.of()));
    }

    @Test
    void keepsWhatIsSetAndTellsTheOwner() {
        Element wanted =
                prefs("roster", List.of("romeo@example.org"), List.of("montague@example.org/hall", "example.com"));
        assertThat(set(wanted)).isEqualTo(wanted);
        assertThat(get()).isEqualTo(wanted);
        assertThat(log.claim(JULIET, 1)).satisfies(standing -> {
            assertThat(standing.preference()).isEqualTo(ArchivePreference.ROSTER);
            assertThat(standing.always()).containsExactly(Jid.of("romeo@example.org"));
            assertThat(standing.never()).containsExactly(Jid.of("montague@example.org/hall"), Jid.of("example.com"));
        });
        set(Element.builder("prefs", Archive.NAMESPACE)
                .attribute("default", "never")
                .build());
        assertThat(get()).isEqualTo(prefs("never", List.of(), List.of()));
    }

    @Test
    void takesAnAddressOfBothListsForOneThatIsNotWanted() {
        assertThat(set(prefs("always", List.of("a@example.org", "b@example.org"), List.of("A@example.org"))))
                .isEqualTo(prefs("always", List.of("b@example.org"), List.of("a@example.org")));
    }

    @Test
    void refusesWhatIsWrongAndKeepsWhatWas() {
        set(prefs("never", List.of(), List.of()));
        assertThat(refusal(() -> set(prefs(null, List.of(), List.of())))).isEqualTo(Condition.BAD_REQUEST);
        assertThat(refusal(() -> set(prefs("Always", List.of(), List.of())))).isEqualTo(Condition.BAD_REQUEST);
        assertThat(refusal(() -> set(prefs("always", List.of("@"), List.of())))).isEqualTo(Condition.JID_MALFORMED);
        List<String> many =
                IntStream.range(0, 1001).mapToObj(i -> "a" + i + "@example.org").toList();
        assertThat(refusal(() -> set(prefs("always", many, List.of())))).isEqualTo(Condition.POLICY_VIOLATION);
        assertThat(refusal(() -> client.ask(false, StanzaType.GET, Element.of("prefs", Archive.NAMESPACE))))
                .isEqualTo(Condition.FORBIDDEN);
        assertThat(get()).isEqualTo(prefs("never", List.of(), List.of()));
    }

    @Test
    void forgetsThemWithTheAccount() {
        set(prefs("never", List.of(), List.of()));
        await(log.bus.request("purge:offline-service", new Purge(JULIET), Done.class));
        assertThat(get()).isEqualTo(prefs("always", List.of(), List.of()));
    }
}
