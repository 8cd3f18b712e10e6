package im.stanzabus.profile;

import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.bus.api.LastSeen;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The last activity of accounts that are offline (XEP-0012 section 3). Whoever is online is answered by the
/// owner of its sessions, which also sees to it that only those who see the presence ask. Safe from any
/// thread.
final class LastActivity {
    static final String NAMESPACE = "jabber:iq:last";

    private final Function<Jid, Future<@Nullable LastSeen>> table;
    private final InstantSource clock;

    LastActivity(Function<Jid, Future<@Nullable LastSeen>> table, InstantSource clock) {
        this.table = table;
        this.clock = clock;
    }

    /// The seconds since the account was last seen, with its last status text.
    Future<IqRequest.Answer> answer(IqRequest request) {
        Element query = request.iq().query();
        if (query == null || !query.is("query", NAMESPACE)) {
            return Refusal.of(Condition.BAD_REQUEST, "this namespace has no such element");
        }
        if (request.iq().type() != StanzaType.GET) {
            return Refusal.of(Condition.NOT_ALLOWED, "this namespace only knows get");
        }
        return table.apply(request.account())
                .compose(seen -> seen == null
                        ? Refusal.of(Condition.ITEM_NOT_FOUND, "this account was never seen")
                        : Future.succeededFuture(new IqRequest.Answer(List.of(element(seen)))));
    }

    private Element element(LastSeen seen) {
        long seconds = Math.max(0, Duration.between(seen.at(), clock.instant()).toSeconds());
        return Element.builder("query", NAMESPACE)
                .attribute("seconds", Long.toString(seconds))
                .text(seen.status())
                .build();
    }
}
