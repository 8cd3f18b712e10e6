package im.stanzabus.bus;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.StanzaIds;
import im.stanzabus.stanza.Jid;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class StanzaIdsTest {
    private static final long JULIET = StanzaIds.tag(Jid.of("juliet@example.org"));
    private static final long ROMEO = StanzaIds.tag(Jid.of("romeo@example.org"));

    private final StanzaIds ids = new StanzaIds(StanzaIds.newKey());

    @Property(tries = 300)
    void whatIsWrittenIsReadAgain(@ForAll @LongRange(min = 1) long id) {
        assertThat(ids.read(JULIET, ids.write(JULIET, id))).isEqualTo(id);
        assertThat(ids.read(ROMEO, ids.write(JULIET, id)))
                .as("by its account only")
                .isZero();
    }

    @Property(tries = 300)
    void whatNobodyWroteIsNoId(@ForAll String text) {
        assertThat(ids.read(JULIET, text)).isZero();
    }

    @Test
    void aTagIsTheSameForAllOfAnAccount() {
        assertThat(StanzaIds.tag(Jid.of("juliet@example.org/balcony"))).isEqualTo(JULIET);
    }

    /// Neither the next one nor the number can be told from ids, nor from those of another account.
    @Test
    void idsThatFollowEachOtherHaveNothingInCommon() {
        Set<String> seen = new HashSet<>();
        int same = 0;
        for (long id = 1; id <= 1_000; id++) {
            String mine = ids.write(JULIET, id);
            String next = ids.write(JULIET, id + 1);
            for (int i = 0; i < mine.length(); i++) {
                same += mine.charAt(i) == next.charAt(i) ? 1 : 0;
            }
            assertThat(seen.add(mine)).isTrue();
            assertThat(seen.add(ids.write(ROMEO, id))).isTrue();
        }
        assertThat(same)
                .as("of 22 000 characters, one of 64 is the same by chance")
                .isBetween(200, 700);
    }

    @Test
    void anotherWayToWriteTheSameBytesIsNoId() {
        String id = ids.write(JULIET, 7);
        char last = id.charAt(id.length() - 1);
        for (char other = '0'; other <= 'z'; other++) {
            String changed = id.substring(0, id.length() - 1) + other;
            assertThat(ids.read(JULIET, changed)).isEqualTo(other == last ? 7 : 0);
        }
        assertThat(ids.read(JULIET, id + "==")).isZero();
        assertThat(ids.read(JULIET, "7")).isZero();
    }

    @Test
    void theKeyDecides() {
        byte[] key = new byte[16];
        assertThat(new StanzaIds(StanzaIds.key(key)).write(JULIET, 1))
                .isEqualTo(new StanzaIds(StanzaIds.key(key)).write(JULIET, 1))
                .isNotEqualTo(ids.write(JULIET, 1));
    }
}
