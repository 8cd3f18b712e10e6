package im.stanzabus.bench.load.scenario;

import im.stanzabus.bench.load.client.Client;
import im.stanzabus.bench.load.client.ClientEvents;
import im.stanzabus.bench.load.client.Crowd;
import im.stanzabus.bench.load.client.Stamp;
import im.stanzabus.bench.load.measure.Meter;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The messages of one load. To be used by the thread of the loop.
final class Conversations implements ClientEvents {
    private static final byte[] BEGIN = StampedText.utf8("<message type='chat' id='");
    private static final byte[] TO = StampedText.utf8("' to='");
    private static final byte[] BODY = StampedText.utf8("'><body>");

    private final Meter meter = new Meter();
    private final Books books = new Books();
    private final SplittableRandom random = new SplittableRandom(42);
    private final int run = (int) System.nanoTime();
    private final List<Client> clients;
    private final List<byte[]> addresses = new ArrayList<>();
    private final StampedText text;
    private int turn;
    private boolean isClosedLoop;

    /// @param length of a message's text
    Conversations(Crowd crowd, int length, boolean toFullJids) {
        clients = crowd.clients();
        text = new StampedText(length, "</body></message>");
        for (Client client : clients) {
            addresses.add(StampedText.utf8(
                    toFullJids ? client.jid() : client.account().jid()));
        }
    }

    Meter meter() {
        return meter;
    }

    Books books() {
        return books;
    }

    /// Sends so many messages; each that arrives makes another one leave.
    void begin(int underWay) {
        isClosedLoop = true;
        for (int i = 0; i < underWay; i++) {
            send(System.nanoTime());
        }
    }

    /// What arrives from now on is counted and not replaced.
    void end() {
        isClosedLoop = false;
    }

    /// Sends the next message.
    ///
    /// @param due when it should have been sent
    void send(long due) {
        int from = turn;
        turn = (turn + 1) % clients.size();
        int to = random.nextInt(clients.size() - 1);
        if (to >= from) {
            to++;
        }
        int number = books.sent();
        byte[] id = StampedText.utf8(Integer.toHexString(number));
        text.build(new Stamp(run, due, number, to), BEGIN, id, TO, addresses.get(to), BODY);
        meter.sent(System.nanoTime() - due);
        clients.get(from).send(text.bytes(), text.length());
    }

    @Override
    public void delivered(Client client, Stamp stamp) {
        if (stamp.run() != run) {
            return; // kept by the server from before
        }
        if (books.arrived(stamp.number(), stamp.meant() == client.index())) {
            long now = System.nanoTime();
            meter.done(now, stamp.time());
            if (isClosedLoop) {
                send(now);
            }
        }
    }
}
