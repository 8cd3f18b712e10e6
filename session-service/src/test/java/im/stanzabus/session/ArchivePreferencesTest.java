package im.stanzabus.session;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.LogRequest.ArchivePreference;
import im.stanzabus.bus.api.LogRequest.Standing;
import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.stanza.Jid;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// XEP-0441, with a roster in which there is friend@x.
class ArchivePreferencesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            ALWAYS | -         | -         | any@x      | true
            NEVER  | -         | -         | any@x      | false
            ROSTER | -         | -         | any@x      | false
            ROSTER | -         | -         | friend@x/r | true
            NEVER  | any@x     | -         | any@x/r    | true
            NEVER  | any@x/r   | -         | any@x/r    | true
            NEVER  | any@x/r   | -         | any@x/s    | false
            NEVER  | any@x/r   | -         | any@x      | false
            ALWAYS | -         | any@x     | any@x/r    | false
            ALWAYS | -         | any@x/r   | any@x/s    | true
            ROSTER | -         | friend@x  | friend@x/r | false
            ALWAYS | any@x     | any@x/r   | any@x/r    | false
            ALWAYS | any@x/r   | any@x     | any@x/r    | true
            ALWAYS | any@x     | any@x     | any@x      | false
            """)
    void decides(ArchivePreference preference, String always, String never, String peer, boolean archived) {
        Roster roster = new Roster(new RosterRequest.Snapshot(
                "1",
                List.of(new RosterItem(
                        Jid.of("friend@x"), null, List.of(), RosterItem.Subscription.NONE, false, false)),
                List.of(),
                List.of()));
        Standing standing = new Standing(false, 0, 0, 0, 1, preference, jids(always), jids(never));
        assertThat(ArchivePreferences.of(standing).want(Jid.of(peer), roster)).isEqualTo(archived);
    }

    private static List<Jid> jids(String list) {
        return list == null
                ? List.of()
                : Arrays.stream(list.split(" ")).map(Jid::of).toList();
    }
}
