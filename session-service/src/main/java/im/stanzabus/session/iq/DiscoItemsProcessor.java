package im.stanzabus.session.iq;

import im.stanzabus.processor.AccountView;
import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Service Discovery, disco#items (XEP-0030 section 4): the services of a host, and the available
/// resources of an account for those who see its presence anyway.
final class DiscoItemsProcessor implements IqProcessor {
    private final ServerDisco disco;

    DiscoItemsProcessor(ServerDisco disco) {
        this.disco = disco;
    }

    @Override
    public String namespace() {
        return Namespaces.DISCO_ITEMS;
    }

    @Override
    public Set<IqTarget> targets() {
        return Set.of(IqTarget.HOST, IqTarget.OWN, IqTarget.SUBSCRIBED);
    }

    @Override
    public List<String> hostFeatures() {
        return List.of(Namespaces.DISCO_ITEMS);
    }

    @Override
    public List<String> accountFeatures() {
        return List.of(Namespaces.DISCO_ITEMS);
    }

    @Override
    public Future<@Nullable Element> process(IqQuestion question) {
        return Requests.get(question, "query", () -> {
            if (question.query().attribute("node") != null) {
                return Requests.refuse(Condition.ITEM_NOT_FOUND, "no such node");
            }
            AccountView account = question.account();
            return Future.succeededFuture(
                    account == null ? disco.items(question.host()) : resources(account.availableResources()));
        });
    }

    private static Element resources(List<Jid> resources) {
        Element.Builder query = Element.builder("query", Namespaces.DISCO_ITEMS);
        resources.forEach(resource -> query.child(Element.builder("item", Namespaces.DISCO_ITEMS)
                .attribute("jid", resource.toString())
                .build()));
        return query.build();
    }
}
