package im.stanzabus.bench.load.scenario;

import im.stanzabus.bench.load.client.Client;
import im.stanzabus.bench.load.client.ClientEvents;
import im.stanzabus.bench.load.client.Stamp;
import im.stanzabus.bench.load.measure.Meter;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/// The presence changes of one load. To be used by the thread of the loop.
final class Broadcasts implements ClientEvents {
    private static final byte[] AWAY = StampedText.utf8("<presence><show>away</show><status>");
    private static final byte[] BUSY = StampedText.utf8("<presence><show>dnd</show><status>");

    private final Meter meter = new Meter();
    private final Hubs hubs;
    private final StampedText text = new StampedText(Stamp.LENGTH, "</status></presence>");
    private final int run;
    private final Map<Integer, BitSet> missing = new HashMap<>();
    private long lost;
    private long doubled;
    private long misdelivered;
    private int sent;
    private boolean isRunning;

    /// @param run tells these changes from those of other runs
    Broadcasts(Hubs hubs, int run) {
        this.hubs = hubs;
        this.run = run;
    }

    Meter meter() {
        return meter;
    }

    /// Lets so many hubs change their presence; each change whose copies have all arrived makes another one begin.
    void begin(int underWay) {
        isRunning = true;
        for (int i = 0; i < underWay; i++) {
            send();
        }
    }

    /// What arrives from now on is counted and not replaced.
    void end() {
        isRunning = false;
    }

    private void send() {
        int number = sent++;
        int from = number % hubs.count();
        BitSet contacts = new BitSet();
        contacts.set(1, hubs.contacts() + 1);
        missing.put(number, contacts);
        lost += hubs.contacts();
        long now = System.nanoTime();
        // each time another one, so that no server can think that nothing has changed
        text.build(new Stamp(run, now, number, from), number % 2 == 0 ? AWAY : BUSY);
        meter.sent(0);
        hubs.hub(from).send(text.bytes(), text.length());
    }

    @Override
    public void delivered(Client client, Stamp stamp) {
        if (stamp.run() != run || (hubs.isHub(client) && hubs.numberOf(client) == stamp.meant())) {
            return; // left from before, or the hub's own (RFC 6121 section 4.4.2)
        }
        if (hubs.isHub(client) || hubs.numberOf(client) != stamp.meant()) {
            misdelivered++;
            return;
        }
        BitSet contacts = missing.get(stamp.number());
        if (contacts == null || !contacts.get(hubs.placeOf(client))) {
            doubled++;
            return;
        }
        contacts.clear(hubs.placeOf(client));
        lost--;
        meter.done(System.nanoTime(), stamp.time());
        if (contacts.isEmpty()) {
            missing.remove(stamp.number());
            if (isRunning) {
                send();
            }
        }
    }

    Losses losses() {
        return new Losses(lost, doubled, misdelivered);
    }
}
