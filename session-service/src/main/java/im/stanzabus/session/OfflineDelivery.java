package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stamps;
import im.stanzabus.stanza.Stanza;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers an account's waiting messages from the log to one resource (XEP-0160), a page at a
/// time: the next page is read when the client has confirmed the last, so that what is in doubt
/// after a broken connection, and what is buffered for a slow client, is one page.
///
/// While it runs, new messages for the bare JID wait here behind those of the log, or in the log if
/// they are many, and follow in their order. What was delivered to a client past the log meanwhile
/// is left out.
///
/// Confined to the partition's context.
final class OfflineDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(OfflineDelivery.class);
    private static final int PAGE = 50;

    /// A page in bytes: well below what a gateway lets wait for one client, or a client would never
    /// get past it.
    private static final int PAGE_BYTES = 256 * 1024;

    private static final int MOST_HELD = 1_000;
    private static final int MOST_HELD_BYTES = 1 << 20;
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    /// A message of the log that waits behind the others, with its id.
    private record Held(Stanza message, long id) {}

    private final OfflineDeliveries deliveries;
    private final Account account;
    private final Resource resource;
    private final Queue<Held> held = new ArrayDeque<>();
    private int heldBytes;

    /// Ids of the page that the client has not confirmed, and the delivery number of the last; 0
    /// for none.
    private final List<Long> page = new ArrayList<>();

    private long endOfPage;
    private boolean reading;
    private boolean stopped;
    private long waitingSince;

    OfflineDelivery(OfflineDeliveries deliveries, Account account, Resource resource) {
        this.deliveries = deliveries;
        this.account = account;
        this.resource = resource;
    }

    Resource resource() {
        return resource;
    }

    /// Takes a message that is in the log and must come after those that wait there.
    void hold(Stanza message, long id) {
        int bytes = message.payload().bytes().length;
        if (held.size() >= MOST_HELD || heldBytes + bytes > MOST_HELD_BYTES) {
            leaveInLog();
            account.log.waits(id);
        } else {
            held.add(new Held(message, id));
            account.log.holds(id);
            heldBytes += bytes;
        }
    }

    private void leaveInLog() {
        for (Held waiting = held.poll(); waiting != null; waiting = held.poll()) {
            account.log.waits(waiting.id());
        }
        account.log.holdsNothing();
        heldBytes = 0;
    }

    /// The client has everything up to a delivery number.
    void confirmed(Resource confirming, long number) {
        if (confirming != resource || endOfPage == 0) {
            return;
        }
        waitingSince = System.nanoTime();
        if (number >= endOfPage) {
            endOfPage = 0;
            page.clear();
            read();
        }
    }

    /// The resource went away or takes no messages any more; what is not confirmed is the matter of
    /// whoever looks after the rest that it was handed.
    void resourceLost(Resource lost) {
        if (lost == resource) {
            stop();
            deliveries.start(account);
        }
    }

    /// Looks after a delivery that does not get on: reading failed, or the client never confirms.
    /// Such a client gets new messages at once again, and the log waits for another.
    void sweep(long now) {
        if (endOfPage == 0 && !reading) {
            read();
        } else if (endOfPage != 0 && now - waitingSince > PATIENCE_NANOS) {
            LOG.info("{} does not confirm messages of the log", resource.jid);
            resource.neverConfirms = true;
            page.forEach(account.log::returned);
            stop();
            deliveries.start(account);
        }
    }

    /// Ends it where the account is not ours any more.
    void abandon() {
        stopped = true;
        held.clear();
    }

    private void stop() {
        stopped = true;
        account.offline = null;
        if (account.log.hasWaiting()) {
            leaveInLog();
            return;
        }
        account.log.holdsNothing();
        for (Held waiting = held.poll(); waiting != null; waiting = held.poll()) {
            deliveries.messages.handOver(account, waiting.message(), waiting.id());
        }
    }

    void read() {
        if (stopped) {
            return;
        }
        reading = true;
        long after = account.log.firstWaiting() - 1;
        long last = account.log.lastWaiting();
        deliveries
                .bus
                .request(
                        Addresses.LOG,
                        new LogRequest.ReadUndelivered(account.jid(), after, PAGE),
                        LogRequest.Page.class)
                .onComplete(answer -> deliver(answer.entries(), after, last), failure -> {
                    reading = false; // the next sweep tries again
                    LOG.warn("messages of {} wait in the log: {}", account.jid(), failure.getMessage());
                });
    }

    /// @param after where the page begins
    /// @param last the highest id that waited when it was asked for
    private void deliver(List<LogRequest.Entry> entries, long after, long last) {
        reading = false;
        if (stopped) {
            return;
        }
        if (account.log.firstWaiting() - 1 < after) {
            read(); // an older one came back meanwhile
            return;
        }
        int count = countOfPage(entries);
        List<LogRequest.Entry> due =
                entries.subList(0, count).stream().filter(this::isDue).toList();
        boolean wasAll =
                count < entries.size() ? entries.get(count).id() > account.log.lastWaiting() : entries.size() < PAGE;
        long end = count == 0 ? after : entries.get(count - 1).id();
        account.log.read(wasAll ? Math.max(end, last) : end, count);
        due.forEach(this::deliver);
        if (!page.isEmpty()) {
            endOfPage = resource.outbound.last();
            waitingSince = System.nanoTime();
        }
        if (!account.log.hasWaiting()) {
            stop();
        } else if (page.isEmpty()) {
            read();
        }
    }

    /// False for what somebody has, and what comes from somebody who was blocked since (XEP-0191
    /// section 3.2).
    private boolean isDue(LogRequest.Entry entry) {
        Jid from = entry.stanza().from();
        return !account.log.wasHanded(entry.id())
                && (from == null || !account.roster().blocked().blocks(from));
    }

    private void deliver(LogRequest.Entry entry) {
        if (!entry.archived()) {
            deliveries.messages.remember(entry.origin()); // it leaves the log with its delivery
        }
        Stanza stamped = Stamps.withDelay(entry.stanza(), entry.received());
        if (deliveries.post.logged(resource, stamped, entry.id(), resource.management() == null)) {
            page.add(entry.id());
        }
    }

    /// How many entries are delivered together: those that wait, and not too many bytes; one at
    /// least if it may go.
    private int countOfPage(List<LogRequest.Entry> entries) {
        int bytes = 0;
        for (int i = 0; i < entries.size(); i++) {
            bytes += entries.get(i).stanza().payload().bytes().length;
            if (entries.get(i).id() > account.log.lastWaiting() || (i > 0 && bytes > PAGE_BYTES)) {
                return i;
            }
        }
        return entries.size();
    }
}
