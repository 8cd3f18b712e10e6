package im.stanzabus.testkit.peer;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.Xml;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/// Two who go on talking to each other while the link between their servers breaks, and what
/// becomes of each message. Nobody else may send messages to them meanwhile. To be used by one
/// thread.
public final class Exchange {
    private static final Duration AGAIN = Duration.ofMillis(300);
    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final AtomicInteger EXCHANGES = new AtomicInteger();
    private static final String PING = "<ping xmlns='urn:xmpp:ping'/>";

    private final Couple couple;
    private final String away;
    private final Voice romeo;
    private final Voice juliet;
    private int pings;

    private static final class Voice {
        private final TestClient speaker;
        private final TestClient listener;
        private final String prefix;
        private final List<String> said = new ArrayList<>();
        private final List<String> heard = new ArrayList<>();
        private final List<String> told = new ArrayList<>();

        Voice(TestClient speaker, TestClient listener, String prefix) {
            this.speaker = speaker;
            this.listener = listener;
            this.prefix = prefix;
        }

        void speaks() {
            String id = prefix + said.size();
            said.add(id);
            Couple.send(speaker, listener, id);
        }
    }

    /// @param away Juliet's server
    public Exchange(Couple couple, PeerServer away) {
        this.couple = couple;
        this.away = away.host();
        int number = EXCHANGES.incrementAndGet();
        romeo = new Voice(couple.romeo(), couple.juliet(), "romeo-" + number + '-');
        juliet = new Voice(couple.juliet(), couple.romeo(), "juliet-" + number + '-');
    }

    /// Both say something to each other, in turn.
    ///
    /// @param times how often
    public void speak(int times) {
        for (int i = 0; i < times; i++) {
            romeo.speaks();
            juliet.speaks();
        }
    }

    /// Waits until Juliet's server answers Romeo, so that there is a way in both directions.
    public void findEachOther() {
        Awaitility.await()
                .atMost(Couple.LONG)
                .pollInterval(AGAIN)
                .pollInSameThread()
                .untilAsserted(() -> {
                    String id = "there-" + ++pings;
                    couple.romeo().sends("<iq type='get' id='" + id + "' to='" + away + "'>" + PING + "</iq>");
                    Xml answer = couple.romeo()
                            .awaits("<iq type='{any}' id='" + id + "' from='" + away + "'>{*}</iq>", ANSWER);
                    assertThat(answer.attribute("type")).isEqualTo("result");
                });
    }

    /// Both speak a last time, hear that, and with it all that is still to be heard: in the order
    /// in which it was said.
    public void end() {
        speak(1);
        listen(romeo, juliet);
        listen(juliet, romeo);
        for (Voice voice : List.of(romeo, juliet)) {
            List<String> order = new ArrayList<>(voice.said);
            order.retainAll(voice.heard);
            assertThat(new ArrayList<>(new LinkedHashSet<>(voice.heard))).isEqualTo(order);
        }
    }

    /// The listener of a voice is the speaker of the other, and hears of what became of that.
    private static void listen(Voice voice, Voice own) {
        String last = voice.said.getLast();
        while (!voice.heard.contains(last)) {
            Xml stanza = voice.listener.nextStanza(last);
            String id = stanza.attribute("id");
            if (!stanza.attribute("type").equals("error") && id.startsWith(voice.prefix)) {
                voice.heard.add(id);
            } else if (id.startsWith(own.prefix)) {
                own.told.add(id);
            }
        }
    }

    /// Each message of Romeo's was heard, or he was told that it was not.
    public void nothingOfRomeosIsLost() {
        nothingIsLost(romeo);
    }

    /// Each message of Juliet's was heard, or she was told that it was not.
    public void nothingOfJulietsIsLost() {
        nothingIsLost(juliet);
    }

    private static void nothingIsLost(Voice voice) {
        for (String id : voice.said) {
            if (!voice.heard.contains(id) && !voice.told.contains(id)) {
                voice.speaker.awaits("<message type='error' id='" + id + "' from='{any}'>{*}</message>", Couple.LONG);
            }
        }
    }

    /// What Juliet has heard of Romeo, in order, with what came again.
    public List<String> heardByJuliet() {
        return List.copyOf(romeo.heard);
    }

    /// What Romeo has heard of Juliet, in order, with what came again.
    public List<String> heardByRomeo() {
        return List.copyOf(juliet.heard);
    }
}
