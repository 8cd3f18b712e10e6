package im.stanzabus.s2s;

import im.stanzabus.s2s.dialback.Dialback;
import im.stanzabus.s2s.dialback.DialbackElements;
import im.stanzabus.s2s.dialback.DomainPair;
import im.stanzabus.s2s.dialback.IncomingDialback;
import im.stanzabus.s2s.dialback.IncomingStep;
import im.stanzabus.s2s.dialback.Verdict;
import im.stanzabus.s2s.dialback.Verification;
import im.stanzabus.s2s.policy.DomainPolicy;
import im.stanzabus.s2s.policy.Standing;
import im.stanzabus.s2s.stream.ExternalNegotiation;
import im.stanzabus.s2s.stream.ExternalNegotiation.Outcome;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StreamError;
import im.stanzabus.stanza.StreamError.Condition;
import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stream.SmElements;
import im.stanzabus.stream.StreamHeader;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A stream that another server began (RFC 6120 sections 4 to 6). It may carry stanzas for any
/// number of pairs of domains, each of which is authorized by itself: the first by SASL EXTERNAL
/// (XEP-0178) or dialback, more by dialback (XEP-0220). Anybody may ask on it whether a key of
/// dialback is ours. Confined to its event loop.
final class IncomingStream extends ServerStream {
    private static final Element BIDI_FEATURE = Element.of("bidi", "urn:xmpp:features:bidi");
    private static final byte[] PROCEED =
            ("<proceed xmlns='" + Namespaces.TLS + "'/>").getBytes(StandardCharsets.US_ASCII);

    private final Set<DomainPair> granted = new HashSet<>();
    private @Nullable IncomingDialback dialback;
    private ExternalNegotiation.@Nullable Receiver external;
    private @Nullable String remote;

    /// By SASL, in the stream before this one.
    private @Nullable DomainPair proven;

    private String local;
    private boolean bidirectional;

    IncomingStream(ServerGateway gateway, NetSocket socket) {
        super(gateway, socket);
        local = gateway.defaultHost();
    }

    /// @param directTls whether the port is for streams that begin with TLS (XEP-0368)
    void open(boolean directTls) {
        begin();
        if (directTls) {
            handshake(gateway.tls().accepting()::direct);
        }
    }

    @Override
    String peer() {
        return (remote == null ? "an unknown server" : remote) + " (from " + socket.address() + ")";
    }

    // ---- negotiation ----

    @Override
    void opened(StreamEvent.Opened header) {
        if (dialback != null) {
            fail(StreamError.of(Condition.BAD_FORMAT, "a stream inside a stream"));
            return;
        }
        String to = domain(header.to());
        remote = domain(header.from());
        boolean hosted = to != null && gateway.isHosted(to);
        local = to != null && hosted ? to : gateway.defaultHost();
        String id = gateway.newStreamId();
        header(StreamHeader.answer(Namespaces.SERVER, id, local, remote).withDialback());
        if (header.to() != null && !hosted) {
            fail(StreamError.of(Condition.HOST_UNKNOWN, "no domain of this server"));
        } else if (header.from() != null && remote == null) {
            fail(StreamError.of(Condition.IMPROPER_ADDRESSING, "'from' is no domain"));
        } else if (remote != null && gateway.isHosted(remote)) {
            fail(StreamError.of(Condition.INVALID_FROM, "this is a domain of this server"));
        } else if (remote != null && gateway.policy(remote).blocked()) {
            fail(StreamError.of(Condition.POLICY_VIOLATION, "this domain is blocked"));
        } else {
            pairs(id);
            if (StreamHeader.isSupported(header.version())) {
                out.element(features());
            }
            DomainPair fresh = proven;
            proven = null;
            if (fresh != null) {
                authorized(fresh); // not before: stanzas of ours may follow at once
            }
        }
    }

    private void pairs(String id) {
        IncomingDialback pairs = new IncomingDialback(
                id, gateway.config().dialback(), gateway::isHosted, pair -> standing(pair.sender()));
        granted.forEach(pairs::grant);
        dialback = pairs;
    }

    private Standing standing(String domain) {
        return gateway.policy(domain).standing(proof(domain));
    }

    private Element features() {
        Element.Builder features = Element.builder("features", Namespaces.STREAMS);
        String from = remote;
        boolean tlsNeeded = from == null || gateway.policy(from).requiresTls();
        if (!isSecure()) {
            Element.Builder starttls = Element.builder("starttls", Namespaces.TLS);
            if (tlsNeeded) {
                starttls.child(Element.of("required", Namespaces.TLS));
            }
            features.child(starttls.build());
        }
        if (isSecure() || !tlsNeeded) {
            features.child(DialbackElements.FEATURE);
        }
        if (isSecure()) {
            secured(features, from);
        }
        return features.build();
    }

    private void secured(Element.Builder features, @Nullable String from) {
        if (granted.isEmpty()) {
            boolean mayDialBack =
                    from != null && gateway.policy(from).authentication() == DomainPolicy.Authentication.DIALBACK;
            ExternalNegotiation.Receiver receiver =
                    new ExternalNegotiation.Receiver(from, domain -> standing(domain) == Standing.PROVEN, mayDialBack);
            external = receiver;
            if (receiver.offers()) {
                features.child(Element.builder("mechanisms", Namespaces.SASL)
                        .child(Element.text("mechanism", Namespaces.SASL, ExternalNegotiation.MECHANISM))
                        .build());
            }
        }
        if (gateway.config().bidirectional() && granted.isEmpty()) {
            features.child(BIDI_FEATURE);
        }
        if (gateway.config().streamManagement()) {
            features.child(SmElements.FEATURE);
        }
    }

    @Override
    void nonza(Element element) {
        if (DialbackElements.isDialback(element)) {
            dialback(element);
        } else if (element.is("starttls", Namespaces.TLS) && !isSecure() && granted.isEmpty()) {
            upgrade();
        } else if (element.is("bidi", "urn:xmpp:bidi")
                && isSecure()
                && granted.isEmpty()
                && gateway.config().bidirectional()) {
            bidirectional = true;
        } else if (element.namespace().equals(Namespaces.SASL) && external != null && granted.isEmpty()) {
            sasl(element, external);
        } else if (element.is("enable", SmElements.NAMESPACE)) {
            enable();
        } else if (element.is("resume", SmElements.NAMESPACE)) {
            out.element(SmElements.failed(StanzaError.Condition.ITEM_NOT_FOUND));
        } else {
            unsupported(element);
        }
    }

    /// RFC 6120 section 5.4.3.3. What was sent behind the request is not part of the stream that
    /// begins now, whoever put it there.
    private void upgrade() {
        out.flush();
        in.discardUnread();
        dialback = null;
        handshake(allocator -> gateway.tls().accepting().upgrade(allocator), PROCEED);
        restart();
    }

    private void sasl(Element element, ExternalNegotiation.Receiver receiver) {
        Outcome outcome = switch (element.name()) {
            case "auth" -> receiver.auth(element.attribute("mechanism"), element.text());
            case "response" -> receiver.response(element.text());
            case "abort" -> receiver.abort();
            default -> null;
        };
        switch (outcome) {
            case null -> unsupported(element);
            case Outcome.Challenge() -> out.element(Element.of("challenge", Namespaces.SASL));
            case Outcome.Failure(String condition, boolean last) -> {
                out.element(Element.builder("failure", Namespaces.SASL)
                        .child(Element.of(condition, Namespaces.SASL))
                        .build());
                if (last) {
                    fail(StreamError.of(Condition.NOT_AUTHORIZED, "SASL failed: " + condition));
                }
            }
            case Outcome.Success(String domain) -> {
                DomainPair pair = new DomainPair(domain, local);
                proven = pair;
                granted.add(pair);
                out.element(Element.of("success", Namespaces.SASL));
                in.authenticated();
                external = null;
                dialback = null;
                restart();
            }
        }
    }

    private void enable() {
        if (granted.isEmpty() || received.isManaged() || !gateway.config().streamManagement()) {
            out.element(SmElements.failed(StanzaError.Condition.UNEXPECTED_REQUEST));
            return;
        }
        received.manage();
        out.element(Element.of("enabled", SmElements.NAMESPACE));
        if (bidirectional) {
            sent.manage();
        }
    }

    // ---- dialback ----

    private void dialback(Element element) {
        IncomingDialback pairs = dialback;
        try {
            Dialback read = DialbackElements.read(element);
            if (read instanceof Dialback.VerificationRequest request) {
                out.raw(DialbackElements.write(gateway.authority().answer(request)));
            } else if (read instanceof Dialback.AuthorizationRequest request && pairs != null) {
                perform(pairs.received(request));
            } else {
                gateway.log("{}: an answer of dialback that nobody asked for is dropped", peer(), read.pair());
            }
        } catch (StreamErrorException e) {
            fail(e.error());
        }
    }

    /// What came of asking the authoritative server.
    private void verified(Dialback.VerificationRequest request, Verification outcome) {
        if (!isEnded() && dialback != null) {
            perform(dialback.verified(request, outcome));
        }
    }

    private void perform(List<IncomingStep> steps) {
        for (IncomingStep next : steps) {
            switch (next) {
                case IncomingStep.Answer(Dialback.AuthorizationAnswer answer) -> {
                    out.raw(DialbackElements.write(answer));
                    if (answer.verdict() instanceof Verdict.Valid && granted.add(answer.pair())) {
                        in.authenticated();
                        remote = remote == null ? answer.pair().sender() : remote;
                        authorized(answer.pair());
                    }
                }
                case IncomingStep.Verify(Dialback.VerificationRequest request) ->
                    gateway.verify(request, outcome -> verified(request, outcome));
                case IncomingStep.End(StreamError error) -> {
                    if (error == null) {
                        close("the key of dialback is invalid");
                    } else {
                        fail(error);
                    }
                }
                case IncomingStep.Drop(DomainPair pair, String reason) ->
                    gateway.log("{}: dialback for {} dropped: {}", peer(), pair, reason);
            }
        }
    }

    private void authorized(DomainPair pair) {
        gateway.authorized(this, pair, bidirectional);
    }

    /// The pairs that may be used; with XEP-0288 the other way, too.
    Set<DomainPair> granted() {
        return Set.copyOf(granted);
    }

    @Override
    boolean mayReceive(DomainPair pair) {
        return granted.contains(pair);
    }

    // ---- end and time ----

    @Override
    void over(@Nullable StreamError error, String reason, List<QueuedStanza> lost) {
        gateway.ended(this, granted, lost);
    }

    @Override
    boolean isIdle() {
        return true;
    }

    @Override
    void sweep(long now) {
        if (granted.isEmpty()
                && now - since > gateway.config().timeouts().authentication().toMillis()) {
            fail(StreamError.of(Condition.CONNECTION_TIMEOUT, "authentication took too long"));
        } else {
            super.sweep(now);
        }
    }
}
