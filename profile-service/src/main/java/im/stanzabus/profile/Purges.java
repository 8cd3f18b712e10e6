package im.stanzabus.profile;

import im.stanzabus.bus.api.Done;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;

/// Forgets removed accounts. Confined to the service's context.
final class Purges {
    private final Pool database;
    private final LastSeenWriter lastSeen;

    Purges(Pool database, LastSeenWriter lastSeen) {
        this.database = database;
        this.lastSeen = lastSeen;
    }

    /// Deletes everything of an account in one transaction. May be asked again.
    Future<Done> purge(Jid account) {
        Jid bare = account.bare();
        return lastSeen.forget(bare)
                .compose(_ -> database.withTransaction(connection -> VCards.delete(connection, bare)
                        .compose(_ -> PrivateXmlTable.delete(connection, bare))
                        .compose(_ -> LastSeenTable.delete(connection, bare))
                        .map(Done.DONE)));
    }
}
