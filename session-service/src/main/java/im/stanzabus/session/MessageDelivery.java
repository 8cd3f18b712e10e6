package im.stanzabus.session;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.api.LogRequest.Outcome;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stamps;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Messages for an account that exists (RFC 6121 section 8.5).
///
/// | type | bare JID, some take messages | bare JID, none does | full JID, bound | full JID, not
/// bound | |---|---|---|---|---|
/// | normal | all that take messages | log, or error | that resource | error |
/// | chat | all that take messages | log, or error | that resource | as to the bare JID |
/// | groupchat | error | error | that resource | error |
/// | headline | all that take messages | ignored | that resource | ignored |
/// | error | ignored | ignored | that resource | ignored |
///
/// The error is `service-unavailable`. Chat and normal messages that the account wants archived,
/// and those that nobody can take now, are in the log before they are delivered and before they are
/// accepted; messages that come after one that is on its way there wait for it. Confined to the
/// partition's context.
final class MessageDelivery {
    private final Post post;
    private final MessageArchive archive;
    private final Carbons carbons;
    private final Acceptances acceptances;

    MessageDelivery(Post post, MessageArchive archive, Carbons carbons, Acceptances acceptances) {
        this.acceptances = acceptances;
        this.post = post;
        this.archive = archive;
        this.carbons = carbons;
    }

    /// Takes a message whose `to` is the account or one of its resources, and accepts it when it is
    /// safe.
    void deliver(Account account, SessionEvent.Inbound inbound) {
        deliver(account, inbound, 0);
    }

    /// Delivers a message that is not in the log and did not reach the client that it was handed
    /// to, with the time of the first attempt (XEP-0198 section 4, XEP-0203). On a stream that is
    /// resumed it is sent as it was: there it is the same stanza, which must count as the one that
    /// was lost (XEP-0198 section 5).
    ///
    /// @param received when the server took it in, in milliseconds of the clock; 0 if that is not
    ///     known
    /// @param origin where it came in, by which the log knows it if the owner before has
    ///     redelivered it, too
    void redeliver(Account account, Stanza message, long received, @Nullable Origin origin) {
        deliver(account, new SessionEvent.Inbound(message, origin, null, null, origin != null), received);
    }

    private void deliver(Account account, SessionEvent.Inbound inbound, long since) {
        if (inbound.replyTo() != null && inbound.origin() != null && isKnown(account, inbound, inbound.origin())) {
            return;
        }
        Stanza message = Stamps.withoutForgedIds(inbound.stanza(), account.jid());
        if (!isPersonal(message)) {
            inOrder(account, message, inbound, since);
            return;
        }
        boolean direct = direct(account, message) != null;
        if (!direct && isFull(message) && message.type() == StanzaType.NORMAL) {
            refuse(account, message, inbound, StanzaError.of(Condition.SERVICE_UNAVAILABLE));
            return;
        }
        boolean waits = !direct && (account.offline != null || !hasTaker(account));
        boolean storable = MessageRules.isStorable(message);
        Jid from = message.from();
        boolean archived = from != null && archive.wants(account, message, from);
        if (waits && storable && !inbound.retry() && account.hasLog() && account.log.isFull()) {
            refuse(account, message, inbound, StanzaError.of(Condition.SERVICE_UNAVAILABLE)); // XEP-0160 section 2
        } else if (account.hasLog() && (archived || (storable && (waits || mayBeLogged(inbound))))) {
            toLog(account, message, inbound, since, archived, waits, 0);
        } else {
            inOrder(account, message, inbound, since);
        }
    }

    /// True if the message is here already. One that is still on its way into the log is accepted
    /// to whoever asked last.
    private boolean isKnown(Account account, SessionEvent.Inbound inbound, Origin origin) {
        if (account.arrivals.find(origin) instanceof Taken taken) {
            taken.inbound = inbound;
            return true;
        }
        return acceptances.isKnown(inbound);
    }

    /// True for one that was sent before, and will be until it is accepted.
    private static boolean comesAgain(SessionEvent.Inbound inbound) {
        return inbound.retry() && inbound.replyTo() != null;
    }

    /// The owner before may have found nobody who could take the message: the log knows.
    private static boolean mayBeLogged(SessionEvent.Inbound inbound) {
        return inbound.retry() && inbound.origin() != null;
    }

    /// A message that leaves the log is delivered: it is not to be delivered again.
    void remember(@Nullable Origin origin) {
        if (origin != null) {
            acceptances.remember(origin);
        }
    }

    private static boolean isPersonal(Stanza message) {
        return message.type() == StanzaType.CHAT || message.type() == StanzaType.NORMAL;
    }

    private static boolean isFull(Stanza message) {
        return message.to() != null && message.to().isFull();
    }

    private static @Nullable Resource direct(Account account, Stanza message) {
        Jid to = message.to();
        return to == null ? null : account.resource(to.resource());
    }

    private static boolean hasTaker(Account account) {
        for (Resource resource : account.resources()) {
            if (resource.takesMessages()) {
                return true;
            }
        }
        return false;
    }

    private void refuse(Account account, Stanza message, SessionEvent.Inbound inbound, StanzaError error) {
        post.bounce(message, error);
        acceptances.begin(account, inbound).done(); // and remembered: its sender was told
    }

    // ---- messages that are in the log first ----

    /// @param waits true if nobody can be handed the message as it seems now
    /// @param place the id of one whose turn it is, and which those behind it must not overtake; 0
    ///     for the next
    private void toLog(
            Account account,
            Stanza message,
            SessionEvent.Inbound inbound,
            long since,
            boolean archived,
            boolean waits,
            long place) {
        if (archive.isFull()) {
            if (!comesAgain(inbound)) { // else it may have been taken before; whoever waits asks again
                refuse(
                        account,
                        message,
                        inbound,
                        StanzaError.of(Condition.RESOURCE_CONSTRAINT, "too much waits for the log"));
            }
            return;
        }
        long id = place > 0 ? place : account.log.nextId();
        Stanza stamped = Stamps.withStanzaId(message, account.jid(), archive.stanzaId(account, id));
        Logged logged = new Logged(account, stamped, inbound, since, id, archived);
        if (place > 0) {
            account.arrivals.addFirst(logged);
        } else {
            account.arrivals.add(logged);
        }
        if (waits) {
            logged.expected = true;
            account.log.expect();
        }
        Instant received = since == 0 ? archive.now() : Instant.ofEpochMilli(since);
        archive.received(account, id, logged.message, inbound, received, archived, outcome -> {
            logged.outcome = outcome;
            logged.ready();
            account.arrivals.drain();
        });
    }

    /// A message that came in and is not accepted yet.
    private abstract static class Taken extends ArrivalOrder.Arrival {
        final Account account;
        final Stanza message;
        SessionEvent.Inbound inbound;

        Taken(boolean ready, Account account, Stanza message, SessionEvent.Inbound inbound) {
            super(ready);
            this.account = account;
            this.message = message;
            this.inbound = inbound;
        }

        @Override
        @Nullable
        Origin origin() {
            return inbound.origin();
        }
    }

    private final class Logged extends Taken {
        private final long since;
        private final long id;
        private Outcome outcome = Outcome.REFUSED;
        private final boolean archived;
        private boolean expected;

        Logged(Account account, Stanza message, SessionEvent.Inbound inbound, long since, long id, boolean archived) {
            super(false, account, message, inbound);
            this.since = since;
            this.archived = archived;
            this.id = id;
        }

        @Override
        void run() {
            if (expected) {
                account.log.expectedCame();
            }
            if (!archived && outcome != Outcome.REFUSED) {
                remember(inbound.origin());
            }
            if (outcome == Outcome.KEPT) {
                handOver(account, delayed(message, since), id);
            } else if (outcome == Outcome.REFUSED) {
                post.bounce(message, StanzaError.of(Condition.NOT_ACCEPTABLE, "the message cannot be stored"));
            } // a duplicate was delivered before, or waits in the log
            post.accept(inbound);
        }
    }

    /// Delivers a message that is in the log, to whoever can take it now.
    void handOver(Account account, Stanza stamped, long id) {
        Resource direct = direct(account, stamped);
        if (direct != null) {
            post.logged(direct, stamped, id, false);
            carbons.received(account, stamped, List.of(direct), id);
            return;
        }
        if (account.offline != null) {
            carbons.received(account, stamped, laterReaders(account), 0);
            account.offline.hold(stamped, id);
            return;
        }
        List<Resource> takers = account.messageResources();
        if (account.log.hasWaiting()) {
            takers.removeIf(taker -> !taker.isAttached()); // they get it from the log when they are back
        }
        if (takers.isEmpty()) {
            carbons.received(account, stamped, laterReaders(account), 0);
            account.log.waits(id);
            return;
        }
        for (int i = 0; i < takers.size(); i++) {
            post.logged(takers.get(i), stamped, id, false);
        }
        carbons.received(account, stamped, takers, id);
    }

    /// Resources that will get from the log what goes there now: a copy beside it would be one too
    /// many.
    private static List<Resource> laterReaders(Account account) {
        OfflineDelivery offline = account.offline;
        List<Resource> readers = new ArrayList<>();
        for (Resource resource : account.resources()) {
            if (!resource.isAvailable() || (offline != null && offline.resource() == resource)) {
                readers.add(resource);
            }
        }
        return readers;
    }

    // ---- messages that are not in the log ----

    private void inOrder(Account account, Stanza message, SessionEvent.Inbound inbound, long since) {
        if (account.arrivals.isEmpty()) {
            new Unlogged(account, message, inbound, since, 0).run();
        } else if (!account.arrivals.isLong()) {
            long place = isPersonal(message) ? account.log.nextId() : 0;
            account.arrivals.add(new Unlogged(account, message, inbound, since, place));
        } else if (!comesAgain(inbound)) { // else it may have been taken before; whoever waits asks again
            StanzaError error = StanzaError.of(Condition.RESOURCE_CONSTRAINT, "too much waits for this account");
            refuse(account, message, inbound, error);
        }
    }

    private final class Unlogged extends Taken {
        /// When the message was taken in that is delivered once more now; 0 for one that is new.
        private final long since;

        private final long place;

        /// @param place its id in the log, should it get there after all; 0 for the next
        Unlogged(Account account, Stanza message, SessionEvent.Inbound inbound, long since, long place) {
            super(true, account, message, inbound);
            this.since = since;
            this.place = place;
        }

        @Override
        void run() {
            if (isPersonal(message)) {
                personal();
            } else {
                Acceptances.Open open = acceptances.begin(account, inbound);
                others(account, message, open);
                open.done();
            }
        }

        private void personal() {
            Resource direct = direct(account, message);
            List<Resource> takers = direct == null ? account.messageResources() : List.of(direct);
            boolean storable = MessageRules.isStorable(message);
            if (takers.isEmpty() && storable && account.hasLog()) {
                toLog(account, message, inbound, since, false, true, place); // the last one has gone meanwhile
                return;
            }
            Acceptances.Open open = acceptances.begin(account, inbound);
            if (!takers.isEmpty()) {
                live(account, message, since, takers, open);
            } else if (storable || !MessageRules.isOnlyChatState(message.payload())) {
                post.bounce(message, Condition.SERVICE_UNAVAILABLE);
            }
            open.done();
        }
    }

    private void live(Account account, Stanza taken, long since, List<Resource> takers, Acceptances.Open open) {
        long id = account.log.nextId();
        long received = since == 0 ? archive.now().toEpochMilli() : since;
        Stanza message = delayed(taken, since);
        for (int i = 0; i < takers.size(); i++) {
            acceptances.deliver(takers.get(i), message, id, received, open);
        }
        carbons.received(account, message, takers, 0);
    }

    private static Stanza delayed(Stanza message, long since) {
        return since == 0 ? message : Stamps.withDelay(message, Instant.ofEpochMilli(since));
    }

    private void others(Account account, Stanza message, Acceptances.Open open) {
        Resource direct = direct(account, message);
        if (direct != null) {
            acceptances.deliver(direct, message, 0, 0, open);
        } else if (message.type() == StanzaType.GROUPCHAT) {
            post.bounce(message, Condition.SERVICE_UNAVAILABLE);
        } else if (message.type() == StanzaType.HEADLINE && !isFull(message)) {
            for (Resource resource : account.messageResources()) {
                acceptances.deliver(resource, message, 0, 0, open);
            }
        } // errors and headlines to nobody are ignored: nothing is told
    }
}
