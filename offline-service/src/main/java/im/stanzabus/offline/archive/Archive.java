package im.stanzabus.offline.archive;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.bus.api.StanzaIds;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.storage.DatabaseAway;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.LocalDate;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import javax.crypto.SecretKey;

/// Message Archive Management (XEP-0313) for accounts, with their preferences (XEP-0441). Confined to one
/// context.
public final class Archive {
    public static final String NAMESPACE = "urn:xmpp:mam:2";

    /// What accounts have while an archive is there (XEP-0313 section 7, XEP-0059 section 4).
    public static final List<String> FEATURES =
            List.of(NAMESPACE, NAMESPACE + "#extended", NAMESPACE + "#groupchat-field", PageRequest.NAMESPACE);

    private static final String QUERY_CANCELED = "57014";

    private final ArchiveTable table;
    private final PreferenceTable preferences;
    private final StanzaIds ids;
    private final Gate gate;
    private final int mostPerPage;
    private final IntConsumer sent;

    /// @param connections of the pool; half of them are left to what must be written
    /// @param idKey under which clients see ids
    /// @param mostPerPage how many messages one answer has at most
    /// @param sent is told how many messages an answer has
    public Archive(
            Pool pool, int connections, SecretKey idKey, int mostPerPage, Supplier<LocalDate> today, IntConsumer sent) {
        this.ids = new StanzaIds(idKey);
        this.gate = new Gate(Math.max(1, connections / 2), System::nanoTime);
        this.table = new ArchiveTable(pool, today);
        this.preferences = new PreferenceTable(pool);
        this.mostPerPage = mostPerPage;
        this.sent = sent;
    }

    /// Answers an account's request. Fails with {@link BusFailure} if it is refused.
    public Future<IqRequest.Answer> answer(IqRequest request) {
        if (!request.own()) {
            return Future.failedFuture(Refusal.of(Condition.FORBIDDEN, "the archive of another account"));
        }
        Future<IqRequest.Answer> answer;
        try {
            answer = dispatch(request);
        } catch (BusFailure refusal) {
            answer = Future.failedFuture(refusal);
        }
        return answer.recover(failure -> Future.failedFuture(explain(failure)));
    }

    private static Throwable explain(Throwable failure) {
        return failure instanceof PgException refused && QUERY_CANCELED.equals(refused.getSqlState())
                ? Refusal.of(Condition.RESOURCE_CONSTRAINT, "the archive takes too long to search")
                : DatabaseAway.explain(failure);
    }

    private Future<IqRequest.Answer> dispatch(IqRequest request) {
        Element asked = request.iq().query();
        if (asked == null || !asked.namespace().equals(NAMESPACE)) {
            throw Refusal.badRequest("this namespace has no such element");
        }
        Jid account = request.account().bare();
        ArchiveIds known = new ArchiveIds(ids, account);
        boolean get = request.iq().type() == StanzaType.GET;
        return switch (asked.name()) {
            case "query" -> get ? form() : query(request, ArchiveQuery.read(account, asked, known), known);
            case "metadata" -> get ? metadata(account, known) : refuseType("get");
            case "prefs" -> get ? preferences(account) : prefer(account, ArchivePreferences.read(asked));
            default -> throw Refusal.badRequest("this namespace has no such element");
        };
    }

    private static Future<IqRequest.Answer> refuseType(String type) {
        return Future.failedFuture(Refusal.badRequest("the element is for requests of type " + type));
    }

    private static Future<IqRequest.Answer> form() {
        return result(
                Element.builder("query", NAMESPACE).child(QueryForm.empty()).build());
    }

    private Future<IqRequest.Answer> query(IqRequest request, ArchiveQuery query, ArchiveIds known) {
        return gate.through(query.account(), () -> table.reading(connection -> page(connection, query)))
                .map(page -> {
                    sent.accept(page.messages().size());
                    return ArchiveAnswer.of(known, query, page, request.iq().from());
                });
    }

    private Future<ArchivePage> page(SqlConnection connection, ArchiveQuery query) {
        int limit = query.page().limit(mostPerPage);
        return table.has(connection, query.account(), query.namedIds()).compose(all -> {
            if (!all) {
                return Future.failedFuture(Refusal.notFound());
            }
            return limit == 0 ? table.count(connection, query) : table.page(connection, query, limit);
        });
    }

    private Future<IqRequest.Answer> metadata(Jid account, ArchiveIds known) {
        return gate.through(account, () -> table.reading(connection -> table.ends(connection, account)))
                .compose(ends -> result(ArchiveAnswer.metadata(known, ends)));
    }

    private Future<IqRequest.Answer> preferences(Jid account) {
        return gate.through(account, () -> preferences.read(account)).compose(found -> result(found.toElement()));
    }

    private Future<IqRequest.Answer> prefer(Jid account, ArchivePreferences wanted) {
        return gate.through(account, () -> preferences.write(account, wanted)).compose(_ -> result(wanted.toElement()));
    }

    private static Future<IqRequest.Answer> result(Element payload) {
        return Future.succeededFuture(new IqRequest.Answer(List.of(payload)));
    }
}
