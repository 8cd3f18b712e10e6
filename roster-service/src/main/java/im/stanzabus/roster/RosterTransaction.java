package im.stanzabus.roster;

import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.bus.api.RosterRequest.Push;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One change of one account, in one transaction. The account's row in table `roster` is locked first, so
/// changes of an account happen one after the other whichever instance makes them, and what is read here stays
/// true. The row is made at the first write: a request that changes nothing leaves no trace of an account.
///
/// Reads wait for their result; writes are sent one after the other and waited for at the end. Called on a
/// virtual thread.
final class RosterTransaction {
    /// Of one account. More than are under way when a process dies.
    private static final int OUTCOMES_KEPT = 200;

    private final SqlConnection connection;
    private final String owner;
    private final List<Future<RowSet<Row>>> writes = new ArrayList<>();
    private @Nullable RosterVersion version;

    private RosterTransaction(SqlConnection connection, String owner) {
        this.connection = connection;
        this.owner = owner;
    }

    /// Does the work and commits. A failure of the work undoes everything and is thrown.
    static <T> T run(Pool database, Jid account, Function<RosterTransaction, T> work) {
        SqlConnection connection = Future.await(database.getConnection());
        try {
            while (true) {
                try {
                    return attempt(connection, account, work);
                } catch (Overtaken _) {
                    // The account's first row was made by somebody else meanwhile: now there is one to lock.
                }
            }
        } finally {
            connection.close();
        }
    }

    private static <T> T attempt(SqlConnection connection, Jid account, Function<RosterTransaction, T> work) {
        Transaction transaction = Future.await(connection.begin());
        boolean done = false;
        try {
            RosterTransaction roster =
                    new RosterTransaction(connection, account.bare().toString());
            roster.lock();
            T result = work.apply(roster);
            Future.await(Future.all(roster.writes));
            Future.await(transaction.commit());
            done = true;
            return result;
        } finally {
            if (!done) {
                // Whatever the rollback says, the failure that led here is the one to report.
                Future.await(transaction.rollback().otherwiseEmpty());
            }
        }
    }

    private void lock() {
        for (Row row : query(RosterSql.LOCK, Tuple.of(owner))) {
            version = new RosterVersion(row.getString(0), row.getLong(1));
        }
    }

    /// What a change entailed that was made before; null if it was not.
    @Nullable
    PastOutcome pastOutcome(PastOutcome.Key key) {
        for (Row row : query(RosterSql.OUTCOME, key.of(owner))) {
            return PastOutcome.read(row);
        }
        return null;
    }

    /// Remembers what a change entailed. One that changed nothing is not remembered: made again, it entails
    /// the same.
    void remember(PastOutcome.Key key, PastOutcome outcome) {
        if (!writes.isEmpty()) {
            claim();
            write(RosterSql.SAVE_OUTCOME, outcome.values(key.of(owner)).addInteger(OUTCOMES_KEPT));
        }
    }

    /// The push that tells how a contact stands now.
    Push presentPush(Contact contact) {
        RosterVersion now = claim();
        Long changedAt = query(
                        RosterSql.CHANGED_AT, Tuple.of(owner, contact.jid().toString()))
                .iterator()
                .next()
                .getLong(0);
        String text = new RosterVersion(now.incarnation(), changedAt == null ? now.number() : changedAt).text();
        return contact.listed() ? new Push(text, contact.toItem()) : removal(text, contact.jid());
    }

    /// True if there is no such account or it is being removed; it is not made anew before this transaction ends.
    boolean isGone() {
        Jid account = Jid.of(owner);
        return query(RosterSql.IS_GONE, Tuple.of(account.domain(), account.local()))
                .iterator()
                .next()
                .getBoolean(0);
    }

    /// What is known of a contact.
    Contact contact(Jid jid) {
        Row row = query(RosterSql.CONTACT, Tuple.of(owner, jid.toString()))
                .iterator()
                .next();
        boolean requested = row.getBoolean(5);
        if (row.getString(2) == null) {
            SubscriptionState state = requested ? SubscriptionState.NONE_PENDING_IN : SubscriptionState.NONE;
            return new Contact(jid, false, null, List.of(), Standing.STRANGERS.with(state));
        }
        SubscriptionState state =
                SubscriptionState.of(RosterRows.subscription(row.getString(2)), row.getBoolean(3), requested);
        return new Contact(
                jid, true, row.getString(0), List.of(row.getArrayOfStrings(1)), new Standing(state, row.getBoolean(4)));
    }

    /// How many contacts the roster has.
    long contacts() {
        return count(RosterSql.COUNT_ITEMS);
    }

    /// How many subscription requests wait.
    long requests() {
        return count(RosterSql.COUNT_REQUESTS);
    }

    /// Stores a contact of the roster; the roster gets its next version.
    Push save(Contact contact) {
        RosterVersion next = nextVersion();
        Standing standing = contact.standing();
        write(
                RosterSql.SAVE_ITEM,
                Tuple.of(owner, contact.jid().toString(), contact.name())
                        .addArrayOfString(contact.groups().toArray(String[]::new))
                        .addString(standing.state().subscription().wire())
                        .addBoolean(standing.state().pendingOut())
                        .addBoolean(standing.approved())
                        .addLong(next.number()));
        return new Push(next.text(), contact.toItem());
    }

    /// Removes a contact from the roster, with its request if one waits; the roster gets its next version.
    Push remove(Jid contact, RosterConfig config) {
        RosterVersion next = nextVersion();
        write(RosterSql.REMOVE_ITEM, Tuple.of(owner, contact.toString(), next.number()));
        forgetRequest(contact);
        write(RosterSql.FORGET_REMOVED, Tuple.of(owner, config.removedKept(), (double)
                config.removedKeptFor().toSeconds()));
        return removal(next.text(), contact);
    }

    /// The push that says that a contact is not in the roster any more (RFC 6121 section 2.5.2).
    static Push removal(String version, Jid contact) {
        return new Push(
                version, new RosterItem(contact, null, List.of(), RosterItem.Subscription.REMOVE, false, false));
    }

    /// Keeps a subscription request until it is answered, in the place of a former one of the same contact.
    void keepRequest(Jid contact, Stanza request) {
        claim();
        write(RosterSql.SAVE_REQUEST, WaitingRequest.values(owner, contact, request));
    }

    /// The request of a contact does not wait any more.
    void forgetRequest(Jid contact) {
        write(RosterSql.FORGET_REQUEST, Tuple.of(owner, contact.toString()));
    }

    /// Adds to the block list; what is in it already stays.
    void block(List<Jid> jids) {
        claim();
        write(RosterSql.BLOCK, Tuple.of(owner).addArrayOfString(texts(jids)));
    }

    /// Takes from the block list; no JIDs mean all.
    void unblock(List<Jid> jids) {
        if (jids.isEmpty()) {
            write(RosterSql.UNBLOCK_ALL, Tuple.of(owner));
        } else {
            write(RosterSql.UNBLOCK, Tuple.of(owner).addArrayOfString(texts(jids)));
        }
    }

    /// The block list with everything that was done to it here.
    List<Jid> blocked() {
        List<Jid> blocked = new ArrayList<>();
        query(RosterSql.BLOCKED, Tuple.of(owner)).forEach(row -> blocked.add(Jid.of(row.getString(0))));
        return List.copyOf(blocked);
    }

    /// Forgets the account.
    void purge() {
        RosterSql.PURGE.forEach(statement -> write(statement, Tuple.of(owner)));
    }

    private RosterVersion nextVersion() {
        RosterVersion now = claim();
        RosterVersion next = new RosterVersion(now.incarnation(), now.number() + 1);
        version = next;
        write(RosterSql.SET_VERSION, Tuple.of(owner, next.number()));
        return next;
    }

    /// The account's row, locked; made if it was not there.
    private RosterVersion claim() {
        RosterVersion now = version;
        if (now == null) {
            now = new RosterVersion(RosterVersion.newIncarnation(), 0);
            if (query(RosterSql.CREATE, Tuple.of(owner, now.incarnation())).rowCount() == 0) {
                throw new Overtaken();
            }
            version = now;
        }
        return now;
    }

    private long count(String statement) {
        return query(statement, Tuple.of(owner)).iterator().next().getLong(0);
    }

    private RowSet<Row> query(String statement, Tuple parameters) {
        return Future.await(connection.preparedQuery(statement).execute(parameters));
    }

    private void write(String statement, Tuple parameters) {
        writes.add(connection.preparedQuery(statement).execute(parameters));
    }

    private static String[] texts(List<Jid> jids) {
        return jids.stream().map(Jid::toString).toArray(String[]::new);
    }

    /// Somebody else made the account's row after it was found missing, so what was read then is not true any
    /// more.
    private static final class Overtaken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Overtaken() {
            super(null, null, false, false);
        }
    }
}
