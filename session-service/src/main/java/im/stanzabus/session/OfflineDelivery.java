package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers an account's undelivered messages from the log to one resource (XEP-0160), a page at a time: the
/// next page is read when the client has confirmed the last, so that what is in doubt after a broken
/// connection,
/// and what is buffered for a slow client, is one page.
///
/// While it runs, new messages for the bare JID go to the log too and follow in their order. Once the log was
/// read
/// to its end and only appends under way are missing, new messages wait here behind them instead, so that a
/// steady
/// stream of messages does not keep the delivery going for ever.
///
/// No entry is delivered, or marked as delivered, while an older one is still on its way into the log.
///
/// Confined to the partition's context.
final class OfflineDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(OfflineDelivery.class);
    private static final int PAGE = 50;

    /// A page in bytes: well below what a gateway lets wait for one client, or a client would never get past it.
    private static final int PAGE_BYTES = 256 * 1024;

    private static final int MOST_HELD = 1_000;
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    /// A message that waits behind the log, with its id.
    record Held(Stanza message, long id) {}

    private final Bus bus;
    private final Post post;
    private final MessageDelivery messages;
    private final Account account;
    private final Resource resource;
    private final Queue<Held> held = new ArrayDeque<>();

    /// Ids of the entries that were handed over and not confirmed, in order; the first has number
    /// `firstNumber`.
    private final List<Long> unconfirmed = new ArrayList<>();

    private long firstNumber;
    private long endOfPage;
    private boolean reading;
    private boolean readAgain;
    private boolean closing;
    private boolean stopped;
    private long waitingSince;

    private OfflineDelivery(Bus bus, Post post, MessageDelivery messages, Account account, Resource resource) {
        this.bus = bus;
        this.post = post;
        this.messages = messages;
        this.account = account;
        this.resource = resource;
    }

    /// Starts if there is something to deliver and a resource that takes messages, and none is running.
    static void start(Bus bus, Post post, MessageDelivery messages, Account account) {
        if (!account.hasLogged || account.offline != null || account.removed) {
            return;
        }
        for (Resource taker : account.messageResources()) {
            if (!taker.neverConfirms) {
                OfflineDelivery delivery = new OfflineDelivery(bus, post, messages, account, taker);
                account.offline = delivery;
                delivery.read();
                return;
            }
        }
    }

    Resource resource() {
        return resource;
    }

    /// Takes a message that must come after those of the log, if the end of the log was reached.
    ///
    /// @return false if the message is to go to the log
    boolean hold(Stanza message, long id) {
        if (!closing || held.size() >= MOST_HELD) {
            closing = false;
            for (Held waiting = held.poll(); waiting != null; waiting = held.poll()) {
                messages.keep(account, waiting.message(), waiting.id());
            }
            return false;
        }
        return held.add(new Held(message, id));
    }

    /// The client has everything up to a delivery number.
    void confirmed(Resource confirming, long number) {
        if (confirming != resource || unconfirmed.isEmpty() || number < firstNumber) {
            return;
        }
        int count = (int) Math.min(unconfirmed.size(), number - firstNumber + 1);
        boolean whole = count == unconfirmed.size();
        markDelivered(whole ? endOfPage : unconfirmed.get(count - 1));
        unconfirmed.subList(0, count).clear();
        firstNumber += count;
        waitingSince = System.nanoTime();
        if (whole) {
            read();
        }
    }

    /// A message was added to the log, or could not be.
    void appended() {
        if (reading) {
            readAgain = true;
        } else if (unconfirmed.isEmpty()) {
            read();
        }
    }

    /// The resource went away or takes no messages any more; what is not confirmed stays in the log.
    void resourceLost(Resource lost) {
        if (lost == resource) {
            stop();
            start(bus, post, messages, account);
        }
    }

    /// Looks after a delivery that does not get on: reading failed, or the client never confirms. Such a
    /// client gets
    /// new messages at once again, and the log waits for another.
    void sweep(long now) {
        if (unconfirmed.isEmpty() && !reading) {
            read();
        } else if (!unconfirmed.isEmpty() && now - waitingSince > PATIENCE_NANOS) {
            LOG.info("{} does not confirm messages of the log", resource.jid);
            resource.neverConfirms = true;
            stop();
            start(bus, post, messages, account);
        }
    }

    private void stop() {
        stopped = true;
        account.offline = null;
        for (Held waiting = held.poll(); waiting != null; waiting = held.poll()) {
            messages.toTakers(account, waiting.message(), waiting.id());
        }
    }

    private void markDelivered(long id) {
        account.deliveredLogId = Math.max(account.deliveredLogId, id);
        mark(bus, account);
    }

    /// Tells the log how far the account has come.
    static void mark(Bus bus, Account account) {
        account.markBehind = false;
        bus.request(Addresses.LOG, new LogRequest.MarkDelivered(account.jid(), account.deliveredLogId), Done.class)
                .onFailure(failure -> {
                    LOG.warn("delivered mark of {} is late: {}", account.jid(), failure.getMessage());
                    account.markBehind = true;
                });
    }

    private void read() {
        if (stopped) {
            return;
        }
        reading = true;
        readAgain = false;
        bus.request(
                        Addresses.LOG,
                        new LogRequest.ReadUndelivered(account.jid(), account.deliveredLogId, PAGE),
                        LogRequest.Page.class)
                .onComplete(this::deliver, failure -> {
                    reading = false; // the next sweep tries again
                    LOG.warn("messages of {} wait in the log: {}", account.jid(), failure.getMessage());
                });
    }

    private void deliver(LogRequest.Page page) {
        reading = false;
        if (stopped) {
            return;
        }
        long before = account.oldestAppending();
        List<LogRequest.Entry> entries = firstOf(page.entries(), before);
        if (entries.isEmpty()) {
            nothingRead(page.entries().isEmpty());
            return;
        }
        long last = 0;
        for (LogRequest.Entry entry : entries) {
            Jid from = entry.stanza().from();
            // whoever was blocked since does not get through (XEP-0191 section 3.2)
            if (from == null || !account.roster().blocked().blocks(from)) {
                last = post.deliverConfirmed(resource, Stamps.withDelay(entry.stanza(), entry.received()));
                unconfirmed.add(entry.id());
            }
        }
        endOfPage = entries.getLast().id();
        waitingSince = System.nanoTime();
        if (unconfirmed.isEmpty()) {
            markDelivered(endOfPage);
            read();
        } else {
            firstNumber = last - unconfirmed.size() + 1;
        }
    }

    /// The entries of a page that are delivered together: up to the first that must wait, and not too many bytes; one
    /// at
    /// least if it may go.
    private static List<LogRequest.Entry> firstOf(List<LogRequest.Entry> entries, long before) {
        int bytes = 0;
        for (int i = 0; i < entries.size(); i++) {
            bytes += entries.get(i).stanza().payload().bytes().length;
            if (entries.get(i).id() >= before || (i > 0 && bytes > PAGE_BYTES)) {
                return entries.subList(0, i);
            }
        }
        return entries;
    }

    private void nothingRead(boolean endOfLog) {
        if (readAgain) {
            read();
        } else if (account.appending() > 0) {
            closing |= endOfLog;
        } else if (endOfLog) {
            account.hasLogged = false;
            stop();
        }
    }
}
