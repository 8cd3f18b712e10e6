package im.stanzabus.profile;

import im.stanzabus.bus.api.Done;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;

/// Forgets removed accounts. Confined to the service's context.
final class Purges {
    private final Pool database;
    private final LastSeenWriter lastSeen;

    Purges(Pool database, LastSeenWriter lastSeen) {
        this.database = database;
        this.lastSeen = lastSeen;
    }

    /// Deletes everything of an account in one transaction. May be asked again. A
    /// request that comes too late changes nothing: the account of that name is another one.
    Future<Done> purge(Jid account) {
        Jid bare = account.bare();
        return lastSeen.forget(bare)
                .compose(_ -> database.withTransaction(connection -> isGone(connection, bare)
                        .compose(gone -> gone ? delete(connection, bare) : Future.succeededFuture())))
                .map(Done.DONE);
    }

    /// True if there is no such account or it is being removed; it is not made anew before the transaction ends.
    private static Future<Boolean> isGone(SqlClient connection, Jid account) {
        return connection
                .preparedQuery("SELECT account_is_gone($1, $2)")
                .execute(Tuple.of(account.domain(), account.local()))
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    private static Future<?> delete(SqlClient connection, Jid account) {
        return VCards.delete(connection, account)
                .compose(_ -> PrivateXmlTable.delete(connection, account))
                .compose(_ -> LastSeenTable.delete(connection, account));
    }
}
