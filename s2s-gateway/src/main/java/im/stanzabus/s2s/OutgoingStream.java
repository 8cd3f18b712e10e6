package im.stanzabus.s2s;

import im.stanzabus.s2s.dialback.Dialback;
import im.stanzabus.s2s.dialback.DialbackCondition;
import im.stanzabus.s2s.dialback.DialbackElements;
import im.stanzabus.s2s.dialback.DomainPair;
import im.stanzabus.s2s.dialback.OutgoingDialback;
import im.stanzabus.s2s.dialback.OutgoingStep;
import im.stanzabus.s2s.dialback.Verdict;
import im.stanzabus.s2s.dialback.Verification;
import im.stanzabus.s2s.policy.PeerProof;
import im.stanzabus.s2s.policy.Standing;
import im.stanzabus.s2s.remote.Connected;
import im.stanzabus.s2s.stream.ExternalNegotiation;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.StreamError;
import im.stanzabus.stanza.StreamError.Condition;
import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stream.SmElements;
import im.stanzabus.stream.StreamHeader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A stream that we began to the server of a remote domain (RFC 6120 sections 4 to 6, XEP-0178,
/// XEP-0220): secured, then authenticated for a first pair of domains, then open for stanzas and
/// for more pairs. It may also be there only to ask about keys of dialback. Confined to its event
/// loop.
final class OutgoingStream extends ServerStream {
    private enum Step {
        HEADER,
        FEATURES,
        PROCEED,
        AUTHENTICATION,
        OPEN
    }

    private final RemoteDomain remote;
    private final String local;
    private final Connected connected;
    private final List<DomainPair> wantedPairs = new ArrayList<>();
    private final List<Dialback.VerificationRequest> questions = new ArrayList<>();
    private final Set<DomainPair> granted = new HashSet<>();
    private Step step = Step.HEADER;
    private ExternalNegotiation.@Nullable Initiator external;
    private @Nullable OutgoingDialback dialback;
    private String streamId = "";
    private boolean dialbackDeclared;
    private boolean knowsDialback;
    private boolean bidirectional;
    private boolean enabling;

    /// @param local the domain of ours that the stream begins for
    OutgoingStream(ServerGateway gateway, RemoteDomain remote, String local, Connected connected) {
        super(gateway, connected.socket());
        this.remote = remote;
        this.local = local;
        this.connected = connected;
    }

    /// Begins the stream; the connection is new.
    void open() {
        begin();
        if (connected.target().directTls()) {
            handshake(gateway.tls().direct(local, remote.domain())).onSuccess(_ -> sendHeader());
        } else {
            sendHeader();
        }
    }

    private void sendHeader() {
        if (isEnded()) {
            return;
        }
        step = Step.HEADER;
        header(StreamHeader.initial(Namespaces.SERVER, local, remote.domain()).withDialback());
    }

    @Override
    String peer() {
        return remote.domain() + " (" + connected.target() + ")";
    }

    // ---- what is wanted of the stream ----

    /// Whether a pair is carried, or can be.
    boolean hasPlace(DomainPair pair) {
        if (isEnded()) {
            return false;
        }
        if (granted.contains(pair) || wantedPairs.contains(pair)) {
            return true;
        }
        if (isOpen() && dialback != null) {
            return knowsDialback && dialback.hasPlace(pair);
        }
        return wantedPairs.isEmpty() && granted.isEmpty() && pair.sender().equals(local);
    }

    boolean isOpen() {
        return step == Step.OPEN && !isEnded();
    }

    /// There are stanzas of a pair.
    void want(DomainPair pair) {
        if (granted.contains(pair)) {
            if (isOpen()) {
                authorized(pair);
            } // else the features are still to come
        } else if (isOpen() && dialback != null) {
            perform(dialback.authorize(pair));
        } else if (!wantedPairs.contains(pair)) {
            wantedPairs.add(pair);
        }
    }

    /// A key is to be verified that came on another stream.
    void verify(Dialback.VerificationRequest request) {
        if (isOpen() && dialback != null) {
            perform(dialback.verify(request));
        } else {
            questions.add(request);
        }
    }

    // ---- negotiation ----

    @Override
    void opened(StreamEvent.Opened header) {
        if (step != Step.HEADER) {
            fail(StreamError.of(Condition.BAD_FORMAT, "a stream inside a stream"));
            return;
        }
        streamId = header.id() == null ? "" : header.id();
        dialbackDeclared = header.namespaces().contains(DialbackElements.NAMESPACE);
        if (header.from() != null && !remote.domain().equals(domain(header.from()))) {
            fail(StreamError.of(Condition.INVALID_FROM, "this is to be " + remote.domain()));
        } else if (StreamHeader.isSupported(header.version())) {
            step = Step.FEATURES;
        } else {
            features(Element.of("features", Namespaces.STREAMS)); // RFC 6120 section 4.7.5: it has none
        }
    }

    @Override
    void nonza(Element element) {
        if (DialbackElements.isDialback(element)) {
            dialback(element);
            return;
        }
        switch (step) {
            case FEATURES -> {
                if (element.is("features", Namespaces.STREAMS)) {
                    features(element);
                } else {
                    unsupported(element);
                }
            }
            case PROCEED -> proceed(element);
            case AUTHENTICATION -> authentication(element);
            case OPEN -> enabled(element);
            case HEADER -> unsupported(element);
        }
    }

    private void features(Element features) {
        if (!isSecure() && features.child("starttls", Namespaces.TLS) != null) {
            step = Step.PROCEED;
            out.element(Element.of("starttls", Namespaces.TLS));
            return;
        }
        PeerProof proof = proof(remote.domain());
        Standing standing = remote.policy().standing(proof);
        if (standing != Standing.PROVEN && standing != Standing.MAY_DIAL_BACK) {
            refuse(why(standing, remote.domain()));
            return;
        }
        if (granted.isEmpty()) {
            authenticate(features);
        } else {
            ready(features);
        }
    }

    private void proceed(Element element) {
        if (element.is("proceed", Namespaces.TLS)) {
            in.discardUnread();
            restart();
            out.flush();
            handshake(gateway.tls().upgrade(local, remote.domain())).onSuccess(_ -> sendHeader());
        } else {
            refuse("the other server refuses TLS");
        }
    }

    private void authenticate(Element features) {
        wantBidirectional(features);
        knowsDialback = dialbackDeclared || features.child("dialback", "urn:xmpp:features:dialback") != null;
        dialback = new OutgoingDialback(
                streamId,
                gateway.dialbackKey(),
                DialbackElements.offersErrors(features),
                gateway.config().dialback());
        external = new ExternalNegotiation.Initiator(local, isSecure(), knowsDialback);
        if (wantedPairs.isEmpty()) {
            ready(features); // only there to ask
        } else {
            perform(external.begin(mechanisms(features)), features);
        }
    }

    /// XEP-0288 section 2.2: after TLS and before authentication.
    private void wantBidirectional(Element features) {
        if (gateway.config().bidirectional()
                && isSecure()
                && !wantedPairs.isEmpty()
                && features.child("bidi", "urn:xmpp:features:bidi") != null) {
            bidirectional = true;
            out.element(Element.of("bidi", "urn:xmpp:bidi"));
        }
    }

    private static List<String> mechanisms(Element features) {
        Element mechanisms = features.child("mechanisms", Namespaces.SASL);
        List<String> names = new ArrayList<>();
        if (mechanisms != null) {
            mechanisms
                    .children()
                    .forEach(mechanism -> names.add(mechanism.text().strip()));
        }
        return names;
    }

    private @Nullable Element lastFeatures;

    private void perform(ExternalNegotiation.Step next, Element features) {
        switch (next) {
            case ExternalNegotiation.Step.Auth(String response) -> {
                lastFeatures = features;
                step = Step.AUTHENTICATION;
                out.element(Element.builder("auth", Namespaces.SASL)
                        .attribute("mechanism", ExternalNegotiation.MECHANISM)
                        .text(response)
                        .build());
            }
            case ExternalNegotiation.Step.Dialback() -> ready(features);
            case ExternalNegotiation.Step.GiveUp(String reason) -> refuse(reason);
        }
    }

    private void authentication(Element element) {
        if (element.is("success", Namespaces.SASL)) {
            granted.addAll(wantedPairs.subList(0, 1));
            restart();
            sendHeader();
        } else if (element.is("failure", Namespaces.SASL) && external != null && lastFeatures != null) {
            String condition = element.children().stream()
                    .map(Element::name)
                    .filter(name -> !name.equals("text"))
                    .findFirst()
                    .orElse("not-authorized");
            perform(external.failed(condition), lastFeatures);
        } else if (element.is("challenge", Namespaces.SASL)) {
            out.element(Element.text("response", Namespaces.SASL, "="));
        } else {
            unsupported(element);
        }
    }

    /// Nothing is negotiated any more but pairs.
    private void ready(Element features) {
        step = Step.OPEN;
        in.authenticated();
        OutgoingDialback pairs = new OutgoingDialback(
                streamId,
                gateway.dialbackKey(),
                DialbackElements.offersErrors(features),
                gateway.config().dialback());
        dialback = pairs;
        if (gateway.config().streamManagement() && features.child("sm", SmElements.NAMESPACE) != null) {
            smOffered = true;
        }
        granted.forEach(pairs::grant);
        List.copyOf(granted).forEach(this::authorized);
        List<DomainPair> wanted = List.copyOf(wantedPairs);
        wantedPairs.clear();
        wanted.forEach(pair -> perform(pairs.authorize(pair)));
        List<Dialback.VerificationRequest> asked = List.copyOf(questions);
        questions.clear();
        asked.forEach(question -> perform(pairs.verify(question)));
        remote.seekAll();
    }

    private boolean smOffered;

    /// Stanzas are counted from the first one on (XEP-0198 section 3).
    private void enable() {
        if (smOffered && !enabling) {
            enabling = true;
            out.element(Element.of("enable", SmElements.NAMESPACE));
            sent.manage();
        }
    }

    private void enabled(Element element) {
        if (enabling && element.is("enabled", SmElements.NAMESPACE)) {
            if (bidirectional) {
                received.manage();
            }
        } else if (enabling && element.is("failed", SmElements.NAMESPACE)) {
            sent.unmanaged();
        } else {
            unsupported(element);
        }
    }

    // ---- dialback ----

    private void dialback(Element element) {
        OutgoingDialback asked = dialback;
        try {
            Dialback read = DialbackElements.read(element);
            if (read instanceof Dialback.Answer answer && asked != null) {
                perform(asked.received(answer));
            } else if (read instanceof Dialback.VerificationRequest request) {
                out.raw(DialbackElements.write(gateway.authority().answer(request)));
            } else if (read instanceof Dialback.AuthorizationRequest request) {
                Verdict refusal =
                        new Verdict.Failed(DialbackCondition.NOT_ACCEPTABLE); // on a stream of its own, please
                out.raw(DialbackElements.write(new Dialback.AuthorizationAnswer(request.pair(), refusal)));
            } else {
                gateway.log("{}: an answer of dialback that nobody asked for is dropped: {}", peer(), read.pair());
            }
        } catch (StreamErrorException e) {
            fail(e.error());
        }
    }

    private void perform(List<OutgoingStep> steps) {
        for (OutgoingStep next : steps) {
            switch (next) {
                case OutgoingStep.Send(Dialback.Request request) -> {
                    out.raw(DialbackElements.write(request));
                    gateway.clock().after(gateway.config().timeouts().dialback().toMillis(), () -> timedOut(request));
                }
                case OutgoingStep.Authorized(DomainPair pair) -> authorized(pair);
                case OutgoingStep.Refused refused -> remote.refused(this, refused);
                case OutgoingStep.Verified(Dialback.VerificationRequest request, Verification outcome) ->
                    remote.verified(request, outcome);
                case OutgoingStep.Leave() -> close("the key of dialback was called invalid");
                case OutgoingStep.Drop(DomainPair pair, String reason) ->
                    gateway.log("{}: dialback for {} dropped: {}", peer(), pair, reason);
            }
        }
    }

    private void timedOut(Dialback.Request request) {
        if (!isEnded() && dialback != null) {
            perform(dialback.timedOut(request));
        }
    }

    private void authorized(DomainPair pair) {
        enable();
        granted.add(pair);
        remote.authorized(this, pair);
    }

    /// XEP-0288 section 2.2: what the other way is allowed is what was asked for this way, of the
    /// server that was found in DNS or has shown its certificate.
    @Override
    boolean mayReceive(DomainPair pair) {
        return bidirectional && granted.contains(pair.reversed());
    }

    // ---- end ----

    private void refuse(String reason) {
        remote.reason(reason);
        close(reason);
    }

    @Override
    void over(@Nullable StreamError error, String reason, List<QueuedStanza> lost) {
        Verification outcome = Verification.of(error == null ? null : error.condition());
        OutgoingDialback asked = dialback;
        if (asked != null) {
            for (OutgoingStep next : asked.closed(outcome)) {
                if (next instanceof OutgoingStep.Verified(Dialback.VerificationRequest request, Verification result)) {
                    remote.verified(request, result);
                }
            }
        }
        questions.forEach(question -> remote.verified(question, outcome));
        remote.ended(this, error, reason, lost);
    }

    /// Targets that were not tried.
    Connected connected() {
        return connected;
    }

    @Override
    boolean isIdle() {
        return remote.isIdle();
    }

    @Override
    void sweep(long now) {
        if (step != Step.OPEN
                && now - since > gateway.config().timeouts().authentication().toMillis()) {
            lose("authentication took too long");
        } else {
            super.sweep(now);
        }
    }
}
