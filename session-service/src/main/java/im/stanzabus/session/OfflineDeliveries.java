package im.stanzabus.session;

import im.stanzabus.bus.Bus;

/// Starts deliveries from the log where something waits and a client takes messages. Confined to the
/// partition's context.
final class OfflineDeliveries {
    final Bus bus;
    final Post post;
    final MessageDelivery messages;

    OfflineDeliveries(Bus bus, Post post, MessageDelivery messages) {
        this.bus = bus;
        this.post = post;
        this.messages = messages;
    }

    /// Starts if there is something to deliver and a resource that takes messages, and none is running.
    void start(Account account) {
        if (!account.log.hasWaiting() || account.offline != null || !account.hasLog()) {
            return;
        }
        for (Resource taker : account.messageResources()) {
            if (!taker.neverConfirms && taker.isAttached()) {
                OfflineDelivery delivery = new OfflineDelivery(this, account, taker);
                account.offline = delivery;
                delivery.read();
                return;
            }
        }
    }
}
