package im.stanzabus.roster;

import im.stanzabus.bus.api.RosterItem.Subscription;
import im.stanzabus.bus.api.RosterRequest.Changes;
import im.stanzabus.bus.api.RosterRequest.Push;
import im.stanzabus.bus.api.RosterRequest.Snapshot;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Reads rosters. Each question is one statement, and so one round trip and one consistent view. Called on a
/// virtual thread.
final class RosterRows {
    private static final int HEAD = 0;
    private static final int ITEM = 1;
    private static final int BLOCKED = 2;
    private static final int REQUEST = 3;

    private static final Changes UNKNOWN = new Changes(false, List.of());

    private final SqlClient database;

    RosterRows(SqlClient database) {
        this.database = database;
    }

    /// Everything about an account; an account without any row has an empty roster.
    Snapshot load(Jid account) {
        String version = RosterVersion.UNTOUCHED;
        List<Contact> contacts = new ArrayList<>();
        List<Jid> blocked = new ArrayList<>();
        List<WaitingRequest> requests = new ArrayList<>();
        for (Row row : select(RosterSql.LOAD, Tuple.of(account.bare().toString()))) {
            switch (row.getInteger(0)) {
                case HEAD -> version = new RosterVersion(row.getString(1), row.getLong(8)).text();
                case ITEM -> contacts.add(contact(row));
                case BLOCKED -> blocked.add(Jid.of(row.getString(1)));
                case REQUEST -> requests.add(WaitingRequest.read(row, account));
                default -> throw new IllegalStateException("row of unknown kind " + row.getInteger(0));
            }
        }
        return new Snapshot(
                version,
                contacts.stream().map(Contact::toItem).toList(),
                List.copyOf(blocked),
                requests.stream()
                        .sorted(Comparator.comparingLong(WaitingRequest::receivedMicros))
                        .map(WaitingRequest::stanza)
                        .toList());
    }

    /// The items that changed since a version that a client names, each as it is now (RFC 6121 section 2.6.3).
    Changes changesSince(Jid account, String text) {
        RosterVersion known = RosterVersion.parse(text);
        boolean untouched = text.equals(RosterVersion.UNTOUCHED);
        if (known == null && !untouched) {
            return UNKNOWN;
        }
        long since = known == null ? Long.MAX_VALUE : known.number();
        RosterVersion current = null;
        long oldest = 0;
        List<Row> changed = new ArrayList<>();
        for (Row row : select(RosterSql.CHANGES_SINCE, Tuple.of(account.bare().toString(), since))) {
            if (row.getInteger(0) == HEAD) {
                current = new RosterVersion(row.getString(1), row.getLong(8));
                oldest = Long.parseLong(row.getString(4));
            } else {
                changed.add(row);
            }
        }
        if (current == null) {
            return new Changes(untouched, List.of());
        }
        if (known == null
                || !known.incarnation().equals(current.incarnation())
                || since > current.number()
                || since < oldest) {
            return UNKNOWN;
        }
        String incarnation = current.incarnation();
        return new Changes(
                true,
                changed.stream()
                        .sorted(Comparator.comparingLong(row -> row.getLong(8)))
                        .map(row -> push(incarnation, row))
                        .toList());
    }

    /// Forgets what old changes entailed, of all accounts.
    void forgetOutcomes(Duration age) {
        Future.await(database.preparedQuery(RosterSql.FORGET_OUTCOMES).execute(Tuple.of((double) age.toSeconds())));
    }

    private static Push push(String incarnation, Row row) {
        String version = new RosterVersion(incarnation, row.getLong(8)).text();
        return row.getString(4).equals("remove")
                ? RosterTransaction.removal(version, Jid.of(row.getString(1)))
                : new Push(version, contact(row).toItem());
    }

    private static Contact contact(Row row) {
        SubscriptionState state = SubscriptionState.of(subscription(row.getString(4)), row.getBoolean(5), false);
        return new Contact(
                Jid.of(row.getString(1)),
                true,
                row.getString(2),
                List.of(row.getArrayOfStrings(3)),
                new Standing(state, row.getBoolean(6)));
    }

    static Subscription subscription(String word) {
        return Subscription.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private Iterable<Row> select(String statement, Tuple parameters) {
        return Future.await(database.preparedQuery(statement).execute(parameters));
    }
}
