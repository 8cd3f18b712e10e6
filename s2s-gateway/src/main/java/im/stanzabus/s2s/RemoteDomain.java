package im.stanzabus.s2s;

import im.stanzabus.bus.delivery.Intake;
import im.stanzabus.s2s.dialback.Dialback;
import im.stanzabus.s2s.dialback.DomainPair;
import im.stanzabus.s2s.dialback.OutgoingStep;
import im.stanzabus.s2s.dialback.Verification;
import im.stanzabus.s2s.dns.Target;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private final Map<String, StanzaQueue> queues = new LinkedHashMap<>();
    private final List<OutgoingStream> streams = new ArrayList<>();
    private final Map<Dialback.VerificationRequest, List<Consumer<Verification>>> questions = new HashMap<>();
    private @Nullable Attempt<Connected> attempt;
    private StanzaError failure = StanzaError.of(Condition.REMOTE_SERVER_TIMEOUT);
    private String reason = "";

    RemoteDomain(ServerGateway gateway, String domain, Backoff backoff) {
        this.gateway = gateway;
        this.domain = domain;
        this.policy = gateway.policy(domain);
        this.backoff = backoff;
    }

    String domain() {
        return domain;
    }

    DomainPolicy policy() {
        return policy;
    }

    // ---- stanzas ----

    /// Sends a stanza, as soon as there is a stream for it.
    void send(String local, Intake.Taken stanza) {
        if (policy.blocked()) {
            gateway.refuse(stanza, StanzaError.of(Condition.REMOTE_SERVER_NOT_FOUND, "this domain is blocked here"));
            return;
        }
        StanzaQueue queue = queues.computeIfAbsent(local, _ -> new StanzaQueue());
        ServerStream stream = queue.stream();
        if (isFull(stanza)) {
            gateway.refuse(stanza, StanzaError.of(Condition.RESOURCE_CONSTRAINT, "too much waits for " + domain));
        } else if (stream != null) {
            stream.send(stanza);
        } else if (!backoff.remaining().isZero() && attempt == null && streams.isEmpty()) {
            gateway.refuse(stanza, failure);
        } else {
            queue.add(stanza, until());
            seek(new DomainPair(local, domain));
        }
    }

    private long until() {
        return gateway.clock().now() + gateway.config().queue().time().toMillis();
    }

    private boolean isFull(Intake.Taken stanza) {
        QueueLimits limits = gateway.config().queue();
        int count = 0;
        long bytes = StanzaQueue.bytes(stanza);
        for (StanzaQueue queue : queues.values()) {
            count += queue.size();
            bytes += queue.bytes();
        }
        for (OutgoingStream stream : streams) {
            count += stream.sent.size();
        }
        return count >= limits.stanzas() || bytes > limits.bytes();
    }

    /// Finds a stream for a pair, or begins one.
    private void seek(DomainPair pair) {
        IncomingStream twoWay = gateway.twoWay(pair);
        if (twoWay != null) {
            carry(twoWay, pair);
            return;
        }
        for (OutgoingStream stream : streams) {
            if (stream.hasPlace(pair)) {
                stream.want(pair);
                return;
            }
        }
        connect();
    }

    /// A stream may carry stanzas of ours.
    void authorized(ServerStream stream, DomainPair pair) {
        backoff.up();
        carry(stream, pair);
    }

    private void carry(ServerStream stream, DomainPair pair) {
        StanzaQueue queue = queues.computeIfAbsent(pair.sender(), _ -> new StanzaQueue());
        if (queue.stream() == null) {
            LOG.debug("{}: stanzas go over {}", pair, stream.peer());
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
        StanzaQueue queue = queues.remove(local);
        if (queue != null) {
            queue.takeAll().forEach(stanza -> gateway.refuse(stanza, error));
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

    // ---- connections ----

    private void connect() {
        if (attempt == null) {
            connect(gateway.connector().connect(domain, target()));
        }
    }

    private @Nullable Target target() {
        var destination = policy.destination();
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
        String local = gateway.defaultHost();
        List<DomainPair> wanted = new ArrayList<>();
        for (Map.Entry<String, StanzaQueue> entry : queues.entrySet()) {
            if (entry.getValue().isWaiting()) {
                wanted.add(new DomainPair(entry.getKey(), domain));
            }
        }
        if (!wanted.isEmpty()) {
            local = wanted.getFirst().sender();
        }
        OutgoingStream stream = new OutgoingStream(gateway, this, local, connected);
        streams.add(stream);
        gateway.opened(stream);
        wanted.forEach(pair -> {
            if (stream.hasPlace(pair)) {
                stream.want(pair);
            }
        });
        List.copyOf(questions.keySet()).forEach(stream::verify);
        stream.open();
    }

    private void unreachable(Condition condition, String why) {
        failure = StanzaError.of(condition, "no stream to " + domain);
        LOG.info("no stream to {} for the next {} s: {}", domain, backoff.down().toSeconds(), why);
        List.copyOf(queues.keySet()).forEach(local -> {
            StanzaQueue queue = queues.get(local);
            if (queue != null && queue.isWaiting()) {
                fail(local, failure);
            }
        });
        Verification outcome =
                condition == Condition.REMOTE_SERVER_NOT_FOUND ? Verification.NO_SERVER : Verification.NO_CONNECTION;
        List.copyOf(questions.keySet()).forEach(question -> verified(question, outcome));
    }

    /// Why a stream is about to be given up.
    void reason(String why) {
        reason = why;
    }

    /// A stream of ours is over. What it has not delivered goes over another one, as does what
    /// waits for it.
    void ended(OutgoingStream stream, @Nullable StreamError error, String how, List<Intake.Taken> lost) {
        streams.remove(stream);
        boolean worked = giveBack(stream, lost);
        List<Target> others = stream.connected().others();
        if (worked) {
            backoff.down();
        } else if (!others.isEmpty() && attempt == null) {
            LOG.info("no stream with {}: {}; trying {} others", stream.peer(), how, others.size());
            connect(gateway.connector().connect(others));
            return;
        } else if (streams.isEmpty() && attempt == null) {
            boolean unknown = error != null
                    && (error.condition() == StreamError.Condition.HOST_UNKNOWN
                            || error.condition() == StreamError.Condition.HOST_GONE);
            unreachable(
                    unknown ? Condition.REMOTE_SERVER_NOT_FOUND : Condition.REMOTE_SERVER_TIMEOUT,
                    stream.peer() + ": " + (reason.isEmpty() ? how : reason));
            reason = "";
            return;
        }
        queues.forEach((local, queue) -> {
            if (queue.isWaiting()) {
                seek(new DomainPair(local, domain));
            }
        });
    }

    /// A stream that the other server began, and that carried stanzas of ours, is over.
    void ended(IncomingStream stream, List<Intake.Taken> lost) {
        giveBack(stream, lost);
        List.copyOf(queues.entrySet()).forEach(entry -> {
            if (entry.getValue().isWaiting()) {
                seek(new DomainPair(entry.getKey(), domain));
            }
        });
    }

    /// Puts what a stream has not delivered before what waits.
    ///
    /// @return whether it carried any pair
    private boolean giveBack(ServerStream stream, List<Intake.Taken> lost) {
        boolean carried = false;
        for (Map.Entry<String, StanzaQueue> entry : queues.entrySet()) {
            StanzaQueue queue = entry.getValue();
            if (queue.stream() == stream) {
                carried = true;
                queue.stop();
            }
        }
        for (Intake.Taken stanza : lost.reversed()) {
            String local = ServerGateway.localDomain(stanza.stanza());
            queues.computeIfAbsent(local, _ -> new StanzaQueue()).addFirst(stanza, until());
        }
        return carried;
    }

    // ---- time ----

    /// Whether nothing is to be asked or sent.
    boolean isIdle() {
        return questions.isEmpty() && queues.values().stream().noneMatch(StanzaQueue::isWaiting);
    }

    /// Whether nothing need be remembered.
    boolean isForgettable() {
        return streams.isEmpty()
                && attempt == null
                && isIdle()
                && backoff.remaining().isZero();
    }

    /// Stanzas that have waited too long are given up. Called every second or so.
    void sweep(long now) {
        StanzaError late = StanzaError.of(Condition.REMOTE_SERVER_TIMEOUT, "no stream to " + domain + " in time");
        for (StanzaQueue queue : queues.values()) {
            queue.takeLate(now).forEach(stanza -> gateway.refuse(stanza, late));
        }
        queues.values().removeIf(queue -> !queue.isWaiting() && queue.stream() == null);
        streams.stream().toList().forEach(stream -> stream.sweep(now));
    }

    /// Ends all streams.
    void close() {
        if (attempt != null) {
            attempt.cancel();
        }
        List.copyOf(streams).forEach(stream -> stream.fail(StreamError.of(StreamError.Condition.SYSTEM_SHUTDOWN)));
    }
}
