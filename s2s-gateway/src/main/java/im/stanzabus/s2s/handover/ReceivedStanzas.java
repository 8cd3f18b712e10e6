package im.stanzabus.s2s.handover;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.delivery.Progress;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.stream.SmElements;
import java.util.ArrayDeque;
import java.util.concurrent.ThreadLocalRandom;

/// The stanzas that came in on one stream, and how many of them are in other hands: what must not
/// be lost when its receiver has taken it over, the rest soon after. Confined to its stream.
public final class ReceivedStanzas {
    /// What a stanza takes beside its payload, about.
    private static final int OVERHEAD = 200;

    private final long stream = ThreadLocalRandom.current().nextLong();
    private final Progress progress = new Progress(0);
    private long last;
    private long base;
    private long told;
    private boolean managed;
    private final int window;
    private final long windowBytes;

    /// The sizes of those that follow `progress.upTo()`.
    private final ArrayDeque<Integer> sizes = new ArrayDeque<>();

    private long bytes;

    /// @param window no more are read while so many are not in other hands
    /// @param windowBytes or so many bytes of them
    public ReceivedStanzas(int window, long windowBytes) {
        this.window = window;
        this.windowBytes = windowBytes;
    }

    /// A stanza has come.
    ///
    /// @param payload how many bytes it has
    /// @return where
    public Origin next(int payload) {
        last++;
        progress.begin(last);
        sizes.add(payload + OVERHEAD);
        bytes += payload + OVERHEAD;
        return new Origin(stream, last);
    }

    /// It is in other hands.
    ///
    /// @return true if there is something to acknowledge
    public boolean done(Origin origin) {
        boolean moved = progress.done(origin.number());
        while (sizes.size() > last - progress.upTo()) {
            bytes -= sizes.remove();
        }
        return moved && managed;
    }

    /// Whether it has to be waited for what has come.
    public boolean isFull() {
        return last - progress.upTo() >= window || bytes >= windowBytes;
    }

    public boolean isIdle() {
        return progress.isIdle();
    }

    /// Stanzas count from here on (XEP-0198 section 3).
    public void manage() {
        base = last;
        managed = true;
    }

    public boolean isManaged() {
        return managed;
    }

    /// An acknowledgement of what is in other hands.
    public String ack() {
        told = Math.max(0, progress.upTo() - base); // stanzas before may still be on their way
        return SmElements.ack(told);
    }

    /// Whether the other server does not know of all that is in other hands.
    public boolean isUntold() {
        return isManaged() && progress.upTo() - base > told;
    }

    /// What nobody would send again.
    public static boolean mustNotBeLost(Stanza stanza) {
        return switch (stanza.kind()) {
            case MESSAGE -> stanza.type() != StanzaType.ERROR && stanza.type() != StanzaType.HEADLINE;
            case IQ -> true;
            case PRESENCE -> stanza.type().isSubscription();
        };
    }
}
