package im.stanzabus.session;

import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Messages for an account that exists (RFC 6121 section 8.5).
///
/// | type | bare JID, some resource takes messages | bare JID, none does | full JID, bound | full JID, not
/// bound |
/// |---|---|---|---|---|
/// | normal | all that take messages | log, or error | that resource | error |
/// | chat | all that take messages | log, or error | that resource | as to the bare JID |
/// | groupchat | error | error | that resource | error |
/// | headline | all that take messages | ignored | that resource | ignored |
/// | error | ignored | ignored | that resource | ignored |
///
/// The error is `service-unavailable`. Confined to the partition's context.
final class MessageDelivery {
    private final Post post;
    private final MessageStore store;
    private final Carbons carbons;

    MessageDelivery(Post post, MessageStore store, Carbons carbons) {
        this.post = post;
        this.store = store;
        this.carbons = carbons;
    }

    /// Delivers a message whose `to` is the account or one of its resources.
    void deliver(Account account, Stanza received) {
        Stanza message = Stamps.withoutForgedIds(received, account.jid());
        Jid to = message.to();
        if (to == null) {
            throw new IllegalArgumentException("a routed stanza has a receiver");
        }
        if (to.isBare()) {
            toBareJid(account, message);
            return;
        }
        Resource resource = account.resource(to.resource());
        if (resource == null) {
            toAbsentResource(account, message);
            return;
        }
        Stanza stamped = MessageRules.getsStanzaId(message)
                ? Stamps.withStanzaId(message, account.jid(), account.nextLogId())
                : message;
        post.deliver(resource, stamped);
        carbons.received(account, stamped, withSender(account, stamped, List.of(resource)));
    }

    private void toBareJid(Account account, Stanza message) {
        switch (message.type()) {
            case CHAT, NORMAL -> toTakers(account, message);
            case HEADLINE -> {
                for (Resource resource : account.messageResources()) {
                    post.deliver(resource, message);
                }
            }
            case GROUPCHAT -> post.bounce(message, Condition.SERVICE_UNAVAILABLE);
            default -> {} // RFC 6121 section 8.5.2: an error to a bare JID is ignored
        }
    }

    private void toAbsentResource(Account account, Stanza message) {
        switch (message.type()) {
            case CHAT -> toTakers(account, message);
            case NORMAL, GROUPCHAT -> post.bounce(message, Condition.SERVICE_UNAVAILABLE);
            default -> {} // headlines as for an address that is no account: nothing is told
        }
    }

    private void toTakers(Account account, Stanza message) {
        long id = account.nextLogId();
        toTakers(account, Stamps.withStanzaId(message, account.jid(), id), id);
    }

    /// A chat or normal message, with its stanza id, for whoever of the account takes messages; else for the
    /// log. While
    /// older messages come from the log, what can be kept waits its turn behind them.
    void toTakers(Account account, Stanza stamped, long id) {
        boolean storable = MessageRules.isStorable(stamped);
        OfflineDelivery offline = account.offline;
        List<Resource> takers = offline != null && storable ? List.of() : account.messageResources();
        if (!takers.isEmpty()) {
            for (int i = 0; i < takers.size(); i++) {
                post.deliver(takers.get(i), stamped);
            }
            carbons.received(account, stamped, withSender(account, stamped, takers));
        } else if (storable) {
            if (offline == null || !offline.hold(stamped, id)) {
                carbons.received(account, stamped, withSender(account, stamped, laterReaders(account)));
                keep(account, stamped, id);
            }
        } else if (!MessageRules.isOnlyChatState(stamped.payload())) {
            post.bounce(stamped, Condition.SERVICE_UNAVAILABLE);
        }
    }

    /// Puts a message with its stanza id in the log.
    void keep(Account account, Stanza stamped, long id) {
        if (account.removed || !account.exists() || account.anonymous) {
            post.bounce(stamped, Condition.SERVICE_UNAVAILABLE);
        } else {
            store.keep(account, stamped, id);
        }
    }

    /// Resources that will get from the log what goes there now: a copy beside it would be one too many.
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

    /// A client that writes to its own account gets no copy of what it wrote (XEP-0280 section 8).
    private static List<Resource> withSender(Account account, Stanza message, List<Resource> receivers) {
        Jid from = message.from();
        @Nullable
        Resource sender =
                Jid.sameAccount(from, account.jid()) && from != null ? account.resource(from.resource()) : null;
        if (sender == null || receivers.contains(sender)) {
            return receivers;
        }
        List<Resource> all = new ArrayList<>(receivers);
        all.add(sender);
        return all;
    }
}
