package im.stanzabus.bus;

import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Collects events per bus address and sends each address one message per turn of the event loop, after all sockets of
/// the turn were read. Order per address is kept. Confined to the context it was made with.
public final class Outbox<E> {
    private static final int MAX_BATCH = 1_000;

    private final Bus bus;
    private final Context context;
    private final Function<List<E>, BusMessage> envelope;
    private final Map<String, List<E>> waiting = new LinkedHashMap<>();
    private boolean scheduled;

    public Outbox(Bus bus, Context context, Function<List<E>, BusMessage> envelope) {
        this.bus = bus;
        this.context = context;
        this.envelope = envelope;
    }

    /// Sends the event with the others of this turn.
    public void add(String address, E event) {
        List<E> events = waiting.computeIfAbsent(address, _ -> new ArrayList<>());
        events.add(event);
        if (events.size() >= MAX_BATCH) {
            waiting.remove(address);
            bus.send(address, envelope.apply(events));
        } else if (!scheduled) {
            scheduled = true;
            context.runOnContext(_ -> flush());
        }
    }

    /// Sends what is waiting now.
    public void flush() {
        scheduled = false;
        if (!waiting.isEmpty()) {
            Map<String, List<E>> batches = new LinkedHashMap<>(waiting);
            waiting.clear();
            batches.forEach((address, events) -> bus.send(address, envelope.apply(events)));
        }
    }
}
