package im.stanzabus.session.iq;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.processor.AccountView;
import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Last Activity (XEP-0012): the uptime of a host; nothing passed for an account that is online;
/// for one that is offline, what profile-service remembers.
public final class LastActivityProcessor implements IqProcessor {
    static final String NAMESPACE = "jabber:iq:last";

    private final Bus bus;
    private final InstantSource clock;
    private final Instant started;

    /// @param started when the server started
    public LastActivityProcessor(Bus bus, InstantSource clock, Instant started) {
        this.bus = bus;
        this.clock = clock;
        this.started = started;
    }

    @Override
    public String namespace() {
        return NAMESPACE;
    }

    @Override
    public Set<IqTarget> targets() {
        return Set.of(IqTarget.HOST, IqTarget.OWN, IqTarget.SUBSCRIBED);
    }

    @Override
    public List<String> hostFeatures() {
        return List.of(NAMESPACE);
    }

    @Override
    public List<String> accountFeatures() {
        return List.of(NAMESPACE);
    }

    @Override
    public Future<@Nullable Element> process(IqQuestion question) {
        return Requests.get(question, "query", () -> {
            AccountView account = question.account();
            return account == null
                    ? seconds(Duration.between(started, clock.instant()).toSeconds())
                    : ofAccount(question, account);
        });
    }

    private Future<@Nullable Element> ofAccount(IqQuestion question, AccountView account) {
        // Section 3: 0 while any resource is connected, and whoever asks its own account is.
        if (question.target() == IqTarget.OWN || !account.availableResources().isEmpty()) {
            return seconds(0);
        }
        IqRequest request = new IqRequest(account.jid(), false, question.iq());
        return bus.request(Addresses.iq(NAMESPACE), request, IqRequest.Answer.class)
                .compose(answer -> answer.payload().isEmpty()
                        ? Requests.refuse(Condition.ITEM_NOT_FOUND, "nothing is known of the last activity")
                        : Future.succeededFuture(answer.payload().getFirst()));
    }

    private static Future<@Nullable Element> seconds(long seconds) {
        return Future.succeededFuture(Element.builder("query", NAMESPACE)
                .attribute("seconds", Long.toString(Math.max(0, seconds)))
                .build());
    }
}
