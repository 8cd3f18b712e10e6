package im.stanzabus.s2s;

import im.stanzabus.bus.delivery.Intake;
import im.stanzabus.s2s.dialback.Dialback;
import im.stanzabus.s2s.dialback.DomainPair;
import im.stanzabus.s2s.dialback.OutgoingStep;
import im.stanzabus.s2s.dialback.Verification;
import im.stanzabus.s2s.dns.Target;
import im.stanzabus.s2s.policy.Destination;
import im.stanzabus.s2s.policy.DomainPolicy;
import im.stanzabus.s2s.policy.QueueLimits;
import im.stanzabus.s2s.remote.Attempt;
import im.stanzabus.s2s.remote.Backoff;
import im.stanzabus.s2s.remote.Connected;
import im.stanzabus.s2s.remote.Unreachable;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StreamError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one event loop has to do with one remote domain: the stanzas for it, the streams to its
/// server, the questions about its keys, and how long it is left alone after failures. Confined to
/// its event loop.
final class RemoteDomain {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteDomain.class);

    private final ServerGateway gateway;
    private final String domain;
    private final DomainPolicy policy;
    private final Backoff backoff;

    /// By the domain of ours.
    private final Map<String, StanzaQueue> queues = new LinkedHashMap<>();

    private final List<OutgoingStream> streams = new ArrayList<>();
    private final Map<Dialback.VerificationRequest, List<Consumer<Verification>>> questions = new HashMap<>();
    private @Nullable Attempt<Connected> attempt;
    private StanzaError failure = StanzaError.of(Condition.REMOTE_SERVER_TIMEOUT);
    private String reason = "";
    private boolean closed;

    /// @param closed true if nothing is begun, as another instance is to do it
    RemoteDomain(ServerGateway gateway, String domain, Backoff backoff, boolean closed) {
        this.gateway = gateway;
        this.domain = domain;
        this.policy = gateway.policy(domain);
        this.backoff = backoff;
        this.closed = closed;
    }

    String domain() {
        return domain;
    }

    DomainPolicy policy() {
        return policy;
    }

    // ---- stanzas ----

    /// Sends a stanza, as soon as there is a stream for it.
    void send(String local, Intake.Taken taken) {
        long until = gateway.clock().now() + gateway.config().queue().time().toMillis();
        QueuedStanza stanza = new QueuedStanza(taken, until);
        StanzaQueue queue = queue(local);
        ServerStream stream = queue.stream();
        if (closed) {
            taken.release();
        } else if (policy.blocked()) {
            refuse(stanza, StanzaError.of(Condition.REMOTE_SERVER_NOT_FOUND, "this domain is blocked here"));
        } else if (isFull(stanza)) {
            refuse(stanza, StanzaError.of(Condition.RESOURCE_CONSTRAINT, "too much waits for " + domain));
        } else if (stream != null) {
            stream.send(stanza);
        } else if (isLeftAlone() && !queue.isWaiting()) {
            refuse(stanza, failure);
        } else {
            queue.add(stanza);
            if (!isLeftAlone()) {
                seek(local);
            }
        }
    }

    private StanzaQueue queue(String local) {
        return queues.computeIfAbsent(local, _ -> new StanzaQueue());
    }

    private boolean isLeftAlone() {
        return attempt == null && streams.isEmpty() && !backoff.remaining().isZero();
    }

    private void refuse(QueuedStanza stanza, StanzaError error) {
        gateway.refuse(stanza.taken(), error);
    }

    private boolean isFull(QueuedStanza next) {
        int count = 0;
        long bytes = next.bytes();
        Set<ServerStream> carrying = new HashSet<>(streams);
        for (StanzaQueue queue : queues.values()) {
            count += queue.size();
            bytes += queue.bytes();
            ServerStream stream = queue.stream();
            if (stream != null) {
                carrying.add(stream);
            }
        }
        for (ServerStream stream : carrying) {
            count += stream.sent.size();
            bytes += stream.sent.bytes();
        }
        QueueLimits limits = gateway.config().queue();
        return count >= limits.stanzas() || bytes > limits.bytes();
    }

    /// Finds a stream for stanzas of a domain of ours, or begins one.
    private void seek(String local) {
        DomainPair pair = new DomainPair(local, domain);
        IncomingStream twoWay = gateway.twoWay(pair);
        if (twoWay != null) {
            carry(twoWay, pair);
            return;
        }
        OutgoingStream stream = placeFor(pair);
        if (stream == null) {
            connect();
        } else {
            stream.want(pair);
        }
    }

    private @Nullable OutgoingStream placeFor(DomainPair pair) {
        for (OutgoingStream stream : streams) {
            if (stream.hasPlace(pair)) {
                return stream;
            }
        }
        return null;
    }

    /// Finds streams for everything that waits.
    void seekAll() {
        for (String local : List.copyOf(queues.keySet())) {
            StanzaQueue queue = queues.get(local);
            if (queue != null && queue.isWaiting() && queue.stream() == null) {
                seek(local);
            }
        }
    }

    /// A stream may carry stanzas of ours.
    void authorized(ServerStream stream, DomainPair pair) {
        backoff.up();
        carry(stream, pair);
    }

    private void carry(ServerStream stream, DomainPair pair) {
        StanzaQueue queue = queue(pair.sender());
        if (queue.stream() == null && !stream.isEnded()) {
            LOG.debug("{}: stanzas go over the stream with {}", pair, stream.peer());
            queue.flow(stream);
        }
    }

    /// A stream must not carry stanzas of a pair.
    void refused(OutgoingStream stream, OutgoingStep.Refused refused) {
        LOG.info("{} is not authorized at {}: {}", refused.pair(), stream.peer(), refused.reason());
        if (refused.elsewhere()) {
            connect();
        } else {
            fail(refused.pair().sender(), StanzaError.of(refused.error(), refused.reason()));
        }
    }

    private void fail(String local, StanzaError error) {
        StanzaQueue queue = queues.get(local);
        if (queue != null) {
            queue.takeAll().forEach(stanza -> refuse(stanza, error));
        }
    }

    // ---- questions ----

    /// Asks the domain's server whether it has made a key.
    void verify(Dialback.VerificationRequest request, Consumer<Verification> then) {
        if (policy.blocked()) {
            then.accept(Verification.NOT_TRUSTED);
            return;
        }
        questions.computeIfAbsent(request, _ -> new ArrayList<>()).add(then);
        for (OutgoingStream stream : streams) {
            if (!stream.isEnded()) {
                stream.verify(request);
                return;
            }
        }
        connect();
    }

    void verified(Dialback.VerificationRequest request, Verification outcome) {
        List<Consumer<Verification>> asked = questions.remove(request);
        if (asked != null) {
            asked.forEach(each -> each.accept(outcome));
        }
    }

    private void answerAll(Verification outcome) {
        List.copyOf(questions.keySet()).forEach(question -> verified(question, outcome));
    }

    // ---- connections ----

    private void connect() {
        if (closed) {
            answerAll(Verification.CLOSED);
        } else if (attempt == null) {
            connect(gateway.connector().connect(domain, target()));
        }
    }

    private @Nullable Target target() {
        Destination destination = policy.destination();
        return destination == null ? null : new Target(destination.host(), destination.port(), destination.directTls());
    }

    private void connect(Attempt<Connected> next) {
        attempt = next;
        next.result().onComplete(this::connected, failed -> {
            attempt = null;
            unreachable(
                    failed instanceof Unreachable unreachable
                            ? unreachable.condition()
                            : Condition.REMOTE_SERVER_TIMEOUT,
                    String.valueOf(failed.getMessage()));
        });
    }

    private void connected(Connected connected) {
        attempt = null;
        if (closed) {
            connected.socket().close();
            return;
        }
        List<DomainPair> wanted = new ArrayList<>();
        queues.forEach((local, queue) -> {
            DomainPair pair = new DomainPair(local, domain);
            if (queue.isWaiting() && placeFor(pair) == null) {
                wanted.add(pair);
            }
        });
        String local =
                wanted.isEmpty() ? gateway.defaultHost() : wanted.getFirst().sender();
        OutgoingStream stream = new OutgoingStream(gateway, this, local, connected);
        streams.add(stream);
        gateway.opened(stream);
        if (!wanted.isEmpty()) {
            stream.want(wanted.getFirst());
        }
        List.copyOf(questions.keySet()).forEach(stream::verify);
        stream.open();
    }

    /// No connection, or no stream on any.
    private void unreachable(Condition condition, String why) {
        if (closed) {
            releaseAll();
            answerAll(Verification.CLOSED);
            return;
        }
        failure = StanzaError.of(condition, "no stream to " + domain);
        gateway.metrics().unreachable();
        LOG.info("no stream to {} for the next {} s: {}", domain, backoff.down().toSeconds(), why);
        for (String local : List.copyOf(queues.keySet())) {
            if (placeFor(new DomainPair(local, domain)) == null) {
                fail(local, failure);
            }
        }
        if (streams.isEmpty()) {
            answerAll(
                    condition == Condition.REMOTE_SERVER_NOT_FOUND
                            ? Verification.NO_SERVER
                            : Verification.NO_CONNECTION);
        }
    }

    /// Why a stream is about to be given up.
    void reason(String why) {
        reason = why;
    }

    /// A stream of ours is over. What it has not delivered goes over another one, as does what
    /// waits for it.
    void ended(OutgoingStream stream, @Nullable StreamError error, String how, List<QueuedStanza> lost) {
        streams.remove(stream);
        String why = reason.isEmpty() ? how : reason;
        reason = "";
        boolean worked = giveBack(stream, lost);
        if (closed) {
            releaseAll();
        } else if (!isIdle()) {
            goOn(stream, error, why, worked);
        } // else nobody misses it
    }

    private void goOn(OutgoingStream stream, @Nullable StreamError error, String why, boolean worked) {
        List<Target> others = stream.connected().others();
        if (worked) {
            long wait = Math.max(1, backoff.down().toMillis());
            LOG.info("the stream with {} ended: {}; on with it in {} ms", stream.peer(), why, wait);
            gateway.clock().after(wait, this::seekAll);
        } else if (!others.isEmpty() && attempt == null) {
            LOG.info("no stream with {}: {}; trying elsewhere", stream.peer(), why);
            connect(gateway.connector().connect(others));
        } else if (streams.isEmpty() && attempt == null) {
            boolean unknown = error != null
                    && (error.condition() == StreamError.Condition.HOST_UNKNOWN
                            || error.condition() == StreamError.Condition.HOST_GONE);
            unreachable(
                    unknown ? Condition.REMOTE_SERVER_NOT_FOUND : Condition.REMOTE_SERVER_TIMEOUT,
                    stream.peer() + ": " + why);
        } else {
            seekAll();
        }
    }

    /// A stream that the other server began, and that carried stanzas of ours, is over.
    void ended(IncomingStream stream, List<QueuedStanza> lost) {
        giveBack(stream, lost);
        if (closed) {
            releaseAll();
        } else {
            seekAll();
        }
    }

    /// Puts what a stream has not delivered before what waits.
    ///
    /// @return whether it carried any pair
    private boolean giveBack(ServerStream stream, List<QueuedStanza> lost) {
        boolean carried = false;
        for (StanzaQueue queue : queues.values()) {
            if (queue.stream() == stream) {
                carried = true;
                queue.stop();
            }
        }
        for (QueuedStanza stanza : lost.reversed()) {
            queue(ServerGateway.localDomain(stanza.taken().stanza())).addFirst(stanza);
        }
        return carried;
    }

    // ---- time and end ----

    /// Whether nothing is to be asked or sent.
    boolean isIdle() {
        return questions.isEmpty() && queues.values().stream().noneMatch(StanzaQueue::isWaiting);
    }

    /// Whether nothing need be remembered.
    boolean isForgettable() {
        return streams.isEmpty()
                && attempt == null
                && isIdle()
                && queues.values().stream().allMatch(queue -> queue.stream() == null)
                && backoff.remaining().isZero();
    }

    /// Stanzas that have waited too long are given up. Called every second.
    void sweep(long now) {
        StanzaError late = StanzaError.of(Condition.REMOTE_SERVER_TIMEOUT, "no stream to " + domain + " in time");
        for (StanzaQueue queue : queues.values()) {
            queue.takeLate(now).forEach(stanza -> refuse(stanza, late));
        }
        queues.values().removeIf(queue -> !queue.isWaiting() && queue.stream() == null);
        List.copyOf(streams).forEach(stream -> stream.sweep(now));
    }

    /// Ends all streams; what they have not delivered is for other instances.
    void close() {
        closed = true;
        if (attempt != null) {
            attempt.cancel();
        }
        List.copyOf(streams).forEach(stream -> stream.fail(StreamError.of(StreamError.Condition.SYSTEM_SHUTDOWN)));
        releaseAll();
    }

    /// Streams may be begun again.
    void reopen() {
        closed = false;
    }

    private void releaseAll() {
        queues.values()
                .forEach(queue ->
                        queue.takeAll().forEach(stanza -> stanza.taken().release()));
    }
}
