package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.stanza.Jid;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers an account's undelivered messages from the log to one resource (XEP-0160), a page at a time: the
/// next page
/// is read when the client has confirmed the last, so that what is in doubt after a broken connection, and
/// what is
/// buffered for a slow client, is one page. While it runs, new messages for the bare JID go to the log too
/// and follow
/// in
/// their order. Confined to the partition's context.
final class OfflineDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(OfflineDelivery.class);
    private static final int PAGE = 50;

    private final Bus bus;
    private final Post post;
    private final Account account;
    private final Resource resource;
    private List<LogRequest.Entry> page = List.of();
    private long firstNumber;
    private boolean reading;
    private boolean stopped;

    private OfflineDelivery(Bus bus, Post post, Account account, Resource resource) {
        this.bus = bus;
        this.post = post;
        this.account = account;
        this.resource = resource;
    }

    /// Starts if there is something to deliver and a resource that takes messages, and none is running.
    static void start(Bus bus, Post post, Account account) {
        if (!account.hasLogged || account.offline != null) {
            return;
        }
        List<Resource> takers = account.messageResources();
        if (!takers.isEmpty()) {
            OfflineDelivery delivery = new OfflineDelivery(bus, post, account, takers.getFirst());
            account.offline = delivery;
            delivery.read();
        }
    }

    /// The client has everything up to a delivery number.
    void confirmed(Resource confirming, long number) {
        if (confirming != resource || page.isEmpty() || number < firstNumber) {
            return;
        }
        int count = (int) Math.min(page.size(), number - firstNumber + 1);
        account.deliveredLogId = page.get(count - 1).id();
        bus.request(Addresses.LOG, new LogRequest.MarkDelivered(account.jid(), account.deliveredLogId), Done.class)
                .onFailure(failure -> LOG.warn(
                        "delivered mark of {} stays behind until the next one: {}",
                        account.jid(),
                        failure.getMessage()));
        page = page.subList(count, page.size());
        firstNumber += count;
        if (page.isEmpty()) {
            read();
        }
    }

    /// A message was added to the log.
    void appended() {
        if (page.isEmpty() && !reading) {
            read();
        }
    }

    /// The resource went away or takes no messages any more; what is not confirmed stays in the log.
    void resourceLost(Resource lost) {
        if (lost == resource) {
            stop();
            start(bus, post, account);
        }
    }

    private void stop() {
        stopped = true;
        account.offline = null;
    }

    private void read() {
        reading = true;
        bus.request(
                        Addresses.LOG,
                        new LogRequest.ReadUndelivered(account.jid(), account.deliveredLogId, PAGE),
                        LogRequest.Page.class)
                .onComplete(this::deliver, failure -> {
                    LOG.warn("messages of {} wait in the log: {}", account.jid(), failure.getMessage());
                    if (!stopped) {
                        stop();
                    }
                });
    }

    private void deliver(LogRequest.Page read) {
        reading = false;
        if (stopped) {
            return;
        }
        page = read.entries();
        if (page.isEmpty()) {
            if (account.appending == 0) {
                account.hasLogged = false;
                stop();
            }
            return;
        }
        Jid to = resource.jid;
        long last = 0;
        for (LogRequest.Entry entry : page) {
            last = post.deliverConfirmed(resource, Stamps.withDelay(entry.stanza(), entry.received()));
        }
        firstNumber = last - page.size() + 1;
        LOG.debug("{} messages from the log to {}", page.size(), to);
    }
}
