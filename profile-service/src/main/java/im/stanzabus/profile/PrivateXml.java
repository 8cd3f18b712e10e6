package im.stanzabus.profile;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.ElementName;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.stanza.XmlText;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Private XML storage (XEP-0049). What was stored under an element's namespace and name is replaced as a
/// whole by the next set that has such elements; storing an empty element, which is what a get of something
/// unknown returns, frees the place. Safe from any thread.
final class PrivateXml {
    static final String NAMESPACE = "jabber:iq:private";

    /// Names are part of the table's key, and an index entry has a limit.
    private static final int MAX_NAME_BYTES = 500;

    private final PrivateXmlTable table;
    private final int maxBytes;

    PrivateXml(PrivateXmlTable table, int maxBytes) {
        this.table = table;
        this.maxBytes = maxBytes;
    }

    /// Answers a request for an account's private XML.
    Future<IqRequest.Answer> answer(IqRequest request) {
        if (!request.own()) {
            return Refusal.of(Condition.FORBIDDEN, "the private data of another account");
        }
        Element query = request.iq().query();
        if (query == null || !query.is("query", NAMESPACE)) {
            return Refusal.of(Condition.BAD_REQUEST, "this namespace has no such element");
        }
        boolean get = request.iq().type() == StanzaType.GET;
        Map<ElementName, List<Element>> byName = byName(query);
        BusFailure refusal = byName.isEmpty() ? nothingNamed(get) : refusal(byName, get);
        if (refusal != null) {
            return Future.failedFuture(refusal);
        }
        return get ? read(request, byName) : write(request, byName);
    }

    /// Section 2.3: a get without an element is a "bad format", a set without one "not acceptable".
    private static BusFailure nothingNamed(boolean get) {
        return refuse(get ? Condition.BAD_REQUEST : Condition.NOT_ACCEPTABLE, "no element is named");
    }

    private static @Nullable BusFailure refusal(Map<ElementName, List<Element>> byName, boolean get) {
        for (ElementName name : byName.keySet()) {
            if (isReserved(name.namespace())) {
                return refuse(Condition.NOT_ACCEPTABLE, "the namespace is reserved");
            }
            if (bytes(name.namespace()) + bytes(name.name()) > MAX_NAME_BYTES) {
                return refuse(Condition.POLICY_VIOLATION, "the names are too long");
            }
        }
        long namespaces =
                byName.keySet().stream().map(ElementName::namespace).distinct().count();
        return get && namespaces > 1 ? refuse(Condition.BAD_REQUEST, "more than one namespace") : null;
    }

    private Future<IqRequest.Answer> read(IqRequest request, Map<ElementName, List<Element>> asked) {
        return table.read(request.account(), asked.keySet()).map(stored -> {
            Element.Builder query = Element.builder("query", NAMESPACE);
            for (ElementName name : asked.keySet()) {
                query.children(stored.getOrDefault(name, List.of(Element.of(name.name(), name.namespace()))));
            }
            return new IqRequest.Answer(List.of(query.build()));
        });
    }

    private Future<IqRequest.Answer> write(IqRequest request, Map<ElementName, List<Element>> given) {
        Map<ElementName, String> stored = new LinkedHashMap<>();
        List<ElementName> deleted = new ArrayList<>();
        for (Map.Entry<ElementName, List<Element>> entry : given.entrySet()) {
            if (isEmpty(entry.getValue())) {
                deleted.add(entry.getKey());
                continue;
            }
            String content = XmlText.write(entry.getValue(), "");
            if (bytes(content) > maxBytes) {
                return Refusal.of(Condition.POLICY_VIOLATION, "an element may have " + maxBytes + " bytes at most");
            }
            stored.put(entry.getKey(), content);
        }
        return table.write(request.account(), stored, deleted).map(_ -> new IqRequest.Answer(List.of()));
    }

    private static Map<ElementName, List<Element>> byName(Element query) {
        Map<ElementName, List<Element>> byName = new LinkedHashMap<>();
        for (Element child : query.children()) {
            byName.computeIfAbsent(new ElementName(child.namespace(), child.name()), _ -> new ArrayList<>())
                    .add(child);
        }
        return byName;
    }

    private static boolean isEmpty(List<Element> elements) {
        return elements.size() == 1
                && elements.getFirst().content().isEmpty()
                && elements.getFirst().attributes().isEmpty();
    }

    /// An element without a namespace of its own is in the one of the query, or in none.
    private static boolean isReserved(String namespace) {
        return namespace.isEmpty()
                || namespace.startsWith("jabber:")
                || namespace.startsWith("http://jabber.org/")
                || namespace.equals(VCards.NAMESPACE);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static BusFailure refuse(Condition condition, String text) {
        return new BusFailure(StanzaError.of(condition, text), text);
    }
}
