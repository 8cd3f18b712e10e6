package im.stanzabus.profile;

import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.FragmentReader;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.stanza.XmlText;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// vCards (XEP-0054). Kept as they were sent: the server looks at no field. Safe from any thread.
final class VCards {
    static final String NAMESPACE = "vcard-temp";

    private static final String READ = "SELECT vcard FROM profile_vcard WHERE owner = $1";
    private static final String WRITE = "INSERT INTO profile_vcard (owner, vcard) VALUES ($1, $2)"
            + " ON CONFLICT (owner) DO UPDATE SET vcard = EXCLUDED.vcard";
    private static final String DELETE = "DELETE FROM profile_vcard WHERE owner = $1";

    private final Pool database;
    private final int maxBytes;

    VCards(Pool database, int maxBytes) {
        this.database = database;
        this.maxBytes = maxBytes;
    }

    /// Answers a request for an account's vCard.
    Future<IqRequest.Answer> answer(IqRequest request) {
        Element query = request.iq().query();
        if (query == null || !query.is("vCard", NAMESPACE)) {
            return Refusal.of(Condition.BAD_REQUEST, "not a vCard");
        }
        return request.iq().type() == StanzaType.GET ? read(request) : write(request, query);
    }

    static Future<?> delete(SqlClient connection, Jid account) {
        return connection.preparedQuery(DELETE).execute(Tuple.of(account.toString()));
    }

    /// An account without a vCard answers others as one that does not exist (section 3.3).
    private Future<IqRequest.Answer> read(IqRequest request) {
        return database.preparedQuery(READ)
                .execute(Tuple.of(request.account().toString()))
                .compose(rows -> {
                    for (Row row : rows) {
                        byte[] vcard = row.getString(0).getBytes(StandardCharsets.UTF_8);
                        return Future.succeededFuture(new IqRequest.Answer(List.of(FragmentReader.element(vcard))));
                    }
                    return request.own()
                            ? Refusal.of(Condition.ITEM_NOT_FOUND, "this account has no vCard")
                            : Refusal.of(Condition.SERVICE_UNAVAILABLE, "nobody answers that");
                });
    }

    private Future<IqRequest.Answer> write(IqRequest request, Element vcard) {
        if (!request.own()) {
            return Refusal.of(Condition.FORBIDDEN, "the vCard of another account"); // section 3.2
        }
        if (request.iq().payload().bytes().length > maxBytes) {
            return Refusal.of(Condition.POLICY_VIOLATION, "a vCard may have " + maxBytes + " bytes at most");
        }
        return database.preparedQuery(WRITE)
                .execute(Tuple.of(request.account().toString(), XmlText.of(vcard)))
                .map(_ -> new IqRequest.Answer(List.of()));
    }
}
