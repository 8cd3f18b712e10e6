package im.stanzabus.session.iq;

import im.stanzabus.processor.AccountView;
import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Service Discovery, disco#info (XEP-0030 section 3), of hosts and of accounts. Strangers learn
/// nothing of an account (section 9).
final class DiscoInfoProcessor implements IqProcessor {
    private static final String CAPS_NODE = ServerCaps.NODE + '#';

    private final ServerDisco disco;

    DiscoInfoProcessor(ServerDisco disco) {
        this.disco = disco;
    }

    @Override
    public String namespace() {
        return Namespaces.DISCO_INFO;
    }

    @Override
    public Set<IqTarget> targets() {
        return Set.of(IqTarget.HOST, IqTarget.OWN, IqTarget.SUBSCRIBED);
    }

    @Override
    public List<String> hostFeatures() {
        return List.of(Namespaces.DISCO_INFO);
    }

    @Override
    public List<String> accountFeatures() {
        return List.of(Namespaces.DISCO_INFO);
    }

    @Override
    public Future<@Nullable Element> process(IqQuestion question) {
        return Requests.get(question, "query", () -> {
            String node = question.query().attribute("node");
            AccountView account = question.account();
            if (account != null) {
                return node == null ? Future.succeededFuture(disco.account(account.jid())) : unknownNode();
            }
            Element info = disco.host(question.host()).query();
            if (node == null) {
                return Future.succeededFuture(info);
            }
            // Any hash: a service may have joined since the client read ours, and the list of now serves it better
            // than an error. The client sees that the hash differs and keeps nothing (XEP-0115 section 5.4).
            return node.startsWith(CAPS_NODE)
                    ? Future.succeededFuture(
                            info.toBuilder().attribute("node", node).build())
                    : unknownNode();
        });
    }

    private static Future<@Nullable Element> unknownNode() {
        return Requests.refuse(Condition.ITEM_NOT_FOUND, "no such node");
    }
}
