package im.stanzabus.auth.sasl;

import im.stanzabus.auth.account.AccountService;
import im.stanzabus.auth.account.KeyDerivation;
import im.stanzabus.auth.account.ServerSecret;
import im.stanzabus.bus.api.AuthRequest.Mechanisms;
import im.stanzabus.bus.api.AuthRequest.OfferMechanisms;
import im.stanzabus.bus.api.AuthRequest.SaslStep;
import im.stanzabus.bus.api.SaslReply;
import im.stanzabus.launcher.VirtualHost;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out SASL exchanges (RFC 6120 section 6). Keeps nothing between two steps, so any instance can
/// go on with any exchange. Safe from any thread.
public final class SaslService {
    private static final Logger LOG = LoggerFactory.getLogger(SaslService.class);
    private static final int LONGEST_MESSAGE = 8 * 1024;
    private static final int NONCE_BYTES = 18;

    private final Map<String, VirtualHost> hosts;
    private final MechanismOffer offer;
    private final StateSeal seal;
    private final LoginOutcomes outcomes;
    private final SaslLogin scram;
    private final SaslLogin plain;
    private final SaslLogin external;
    private final SaslLogin anonymous = new AnonymousLogin();

    /// Counts how logins end.
    @FunctionalInterface
    public interface LoginOutcomes {
        /// @param mechanism its name, or `unknown`
        /// @param outcome `success` or the condition of the failure
        void ended(String mechanism, String outcome);
    }

    public SaslService(
            List<VirtualHost> hosts,
            MechanismOffer offer,
            AccountService accounts,
            KeyDerivation derivation,
            ServerSecret secret,
            LoginGuard guard,
            StateSeal seal,
            LoginOutcomes outcomes) {
        this(hosts, offer, accounts, derivation, secret, guard, seal, outcomes, randomNonces());
    }

    SaslService(
            List<VirtualHost> hosts,
            MechanismOffer offer,
            AccountService accounts,
            KeyDerivation derivation,
            ServerSecret secret,
            LoginGuard guard,
            StateSeal seal,
            LoginOutcomes outcomes,
            Supplier<String> nonces) {
        this.hosts = hosts.stream().collect(Collectors.toUnmodifiableMap(VirtualHost::domain, Function.identity()));
        this.offer = offer;
        this.seal = seal;
        this.outcomes = outcomes;
        this.scram = new ScramLogin(accounts, secret, derivation.iterations(), offer, guard, seal, nonces);
        this.plain = new PlainLogin(accounts, secret, derivation, guard);
        this.external = new ExternalLogin(accounts);
    }

    /// What a stream is offered; nothing for a host that is not ours.
    public Mechanisms offer(OfferMechanisms stream) {
        VirtualHost host = hosts.get(stream.host());
        return host == null ? new Mechanisms(List.of(), List.of()) : offer.on(host, stream);
    }

    /// One step of an exchange. Never fails: whatever goes wrong is a {@link SaslReply.Failure}.
    public Future<SaslReply> step(SaslStep step) {
        Mechanism mechanism = Mechanism.byName(step.mechanism());
        Future<SaslReply> reply;
        try {
            reply = mechanism == null ? Future.failedFuture(MechanismOffer.notOffered()) : step(step, mechanism);
        } catch (RuntimeException e) {
            reply = Future.failedFuture(e);
        }
        return reply.recover(failure -> Future.succeededFuture(failed(step, mechanism, failure)))
                .onSuccess(answer -> count(mechanism, answer));
    }

    private Future<SaslReply> step(SaslStep step, Mechanism mechanism) {
        VirtualHost host = hosts.get(step.host());
        if (host == null) {
            throw MechanismOffer.notOffered();
        }
        offer.check(mechanism, host, step.channel());
        byte[] data = step.data() == null ? new byte[0] : step.data();
        if (data.length > LONGEST_MESSAGE) {
            throw SaslRefusal.malformed("a message that is too long");
        }
        SaslLogin login = login(mechanism);
        if (step.state() == null) {
            Instant began = seal.now();
            return step.data() == null
                    ? awaitInitialResponse(host, mechanism, began)
                    : login.first(new Attempt(mechanism, host, step.channel(), began), data);
        }
        StateSeal.Opened opened = seal.open(host.domain(), mechanism, step.state());
        Attempt attempt = new Attempt(mechanism, host, step.channel(), opened.began());
        return opened.content().length == 0 ? login.first(attempt, data) : login.next(attempt, opened.content(), data);
    }

    /// The client sends first in all our mechanisms; one that did not is asked by an empty challenge (RFC
    /// 6120 section 6.4.2). Its state has no content.
    private Future<SaslReply> awaitInitialResponse(VirtualHost host, Mechanism mechanism, Instant began) {
        byte[] state = seal.seal(host.domain(), mechanism, began, new byte[0]);
        return Future.succeededFuture(new SaslReply.Challenge(new byte[0], state));
    }

    private SaslLogin login(Mechanism mechanism) {
        return switch (mechanism) {
            case PLAIN -> plain;
            case EXTERNAL -> external;
            case ANONYMOUS -> anonymous;
            case SCRAM_SHA_512_PLUS, SCRAM_SHA_256_PLUS, SCRAM_SHA_1_PLUS, SCRAM_SHA_512, SCRAM_SHA_256, SCRAM_SHA_1 ->
                scram;
        };
    }

    private SaslReply.Failure failed(SaslStep step, @Nullable Mechanism mechanism, Throwable failure) {
        String name = mechanism == null ? "an unknown mechanism" : mechanism.wire();
        String peer = step.channel().peerAddress();
        if (failure instanceof SaslRefusal refusal) {
            Jid account = refusal.account();
            Object who = account == null ? step.host() : account;
            LOG.info(
                    "login of {} from {} by {} failed: {}{}",
                    who,
                    peer,
                    name,
                    refusal.condition().wire(),
                    refusal.text() == null ? "" : ", " + refusal.text());
            return new SaslReply.Failure(refusal.condition().wire(), refusal.text());
        }
        LOG.warn("login at {} from {} by {} could not be checked: {}", step.host(), peer, name, failure.toString());
        LOG.debug("why the login could not be checked", failure);
        return new SaslReply.Failure(
                SaslCondition.TEMPORARY_AUTH_FAILURE.wire(), "logins are not possible now, try again later");
    }

    private void count(@Nullable Mechanism mechanism, SaslReply answer) {
        String name = mechanism == null ? "unknown" : mechanism.wire();
        switch (answer) {
            case SaslReply.Success _ -> outcomes.ended(name, "success");
            case SaslReply.Failure failure -> outcomes.ended(name, failure.condition());
            case SaslReply.Challenge _ -> {}
        }
    }

    /// RFC 5802 allows all that is printable but a comma; some clients take a quotation mark for more than that.
    private static Supplier<String> randomNonces() {
        SecureRandom random = new SecureRandom();
        return () -> {
            byte[] nonce = new byte[NONCE_BYTES];
            random.nextBytes(nonce);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(nonce);
        };
    }
}
