package im.stanzabus.auth.sasl;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.ServerFinalMessage;
import com.ongres.scram.common.ServerFirstMessage;
import im.stanzabus.auth.account.AccountService;
import im.stanzabus.auth.account.ScramHash;
import im.stanzabus.auth.account.ScramKeys;
import im.stanzabus.auth.account.ServerSecret;
import im.stanzabus.bus.api.AuthRequest.ChannelBinding;
import im.stanzabus.bus.api.AuthRequest.SaslChannel;
import im.stanzabus.bus.api.SaslReply;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// SCRAM with and without channel binding (RFC 5802, RFC 7677, RFC 9266). One query at each step, at the
/// second only after the right proof; an account that does not exist goes the same way with made-up keys.
final class ScramLogin implements SaslLogin {
    private final AccountService accounts;
    private final ServerSecret secret;
    private final int madeUpIterations;
    private final MechanismOffer offer;
    private final LoginGuard guard;
    private final StateSeal seal;
    private final Supplier<String> nonces;

    /// @param madeUpIterations what accounts that do not exist seem to have
    /// @param nonces gives the server's part of each nonce
    ScramLogin(
            AccountService accounts,
            ServerSecret secret,
            int madeUpIterations,
            MechanismOffer offer,
            LoginGuard guard,
            StateSeal seal,
            Supplier<String> nonces) {
        this.accounts = accounts;
        this.secret = secret;
        this.madeUpIterations = madeUpIterations;
        this.offer = offer;
        this.guard = guard;
        this.seal = seal;
        this.nonces = nonces;
    }

    @Override
    public Future<SaslReply> first(Attempt attempt, byte[] data) {
        ScramClientFirst message = ScramClientFirst.parse(data);
        checkBinding(attempt, message.gs2());
        Jid account = attempt.account(message.username());
        attempt.checkAuthzid(message.gs2().authzid(), account);
        guard.checkOpen(attempt, account);
        ScramHash hash = hash(attempt);
        ScramKeys madeUp = secret.madeUpKeys(hash, account, madeUpIterations);
        return accounts.keys(account, hash)
                .map(found -> challenge(attempt, message, account, found != null, found == null ? madeUp : found));
    }

    private SaslReply challenge(Attempt attempt, ScramClientFirst message, Jid account, boolean known, ScramKeys keys) {
        String salt = Base64.getEncoder().encodeToString(keys.salt());
        String serverFirst = new ServerFirstMessage(message.nonce(), nonces.get(), salt, keys.iterations()).toString();
        ScramState state = new ScramState(
                account,
                known,
                keys.storedKey(),
                keys.serverKey(),
                message.gs2().text(),
                message.bare(),
                serverFirst);
        byte[] sealed = seal.seal(attempt.host().domain(), attempt.mechanism(), attempt.began(), state.encode());
        return new SaslReply.Challenge(serverFirst.getBytes(StandardCharsets.UTF_8), sealed);
    }

    @Override
    public Future<SaslReply> next(Attempt attempt, byte[] encoded, byte[] data) {
        ScramState state = ScramState.decode(encoded);
        ScramHash hash = hash(attempt);
        ScramClientFinal message = ScramClientFinal.parse(data);
        if (!message.nonce().equals(state.nonce())) {
            throw SaslRefusal.malformed("not the nonce of this exchange").about(state.account());
        }
        if (message.proof().length != hash.keyBytes()) {
            throw SaslRefusal.malformed("a proof of the wrong length").about(state.account());
        }
        guard.admit(attempt, state.account());
        ScramMechanism functions = hash.functions();
        String authMessage = state.clientFirstBare() + ',' + state.serverFirst() + ',' + message.withoutProof();
        boolean proved = ScramFunctions.verifyClientProof(functions, message.proof(), state.storedKey(), authMessage);
        boolean bound = MessageDigest.isEqual(
                message.bindingInput(), bindingInput(Gs2Header.parse(state.gs2Header()), attempt.channel()));
        byte[] signature = ScramFunctions.serverSignature(functions, state.serverKey(), authMessage);
        byte[] success = new ServerFinalMessage(signature).toString().getBytes(StandardCharsets.UTF_8);
        return guard.verdict(
                attempt,
                state.account(),
                proved && bound && state.known(),
                success,
                () -> accounts.hasKeys(state.account(), hash, state.storedKey()));
    }

    /// The rules of RFC 5802 section 6 for the flag, the mechanism and what the stream was offered.
    private void checkBinding(Attempt attempt, Gs2Header gs2) {
        boolean required = gs2.flag() == Gs2Header.Flag.REQUIRED;
        if (required != attempt.mechanism().isPlus()) {
            throw SaslRefusal.malformed("the channel-binding flag does not fit the mechanism");
        }
        if (gs2.flag() == Gs2Header.Flag.NOT_OFFERED && offer.offersBinding(attempt.channel())) {
            throw SaslRefusal.of(
                    SaslCondition.NOT_AUTHORIZED,
                    "channel binding was offered, but the client says it was not: somebody removed the offer, or the client is at fault");
        }
        if (required && bindingData(gs2, attempt.channel()) == null) {
            throw SaslRefusal.of(SaslCondition.NOT_AUTHORIZED, "the channel-binding type is not supported here");
        }
    }

    private static byte[] bindingInput(Gs2Header gs2, SaslChannel channel) {
        byte[] header = gs2.text().getBytes(StandardCharsets.UTF_8);
        byte[] data = bindingData(gs2, channel);
        if (data == null) {
            return header;
        }
        byte[] input = Arrays.copyOf(header, header.length + data.length);
        System.arraycopy(data, 0, input, header.length, data.length);
        return input;
    }

    private static byte @Nullable [] bindingData(Gs2Header gs2, SaslChannel channel) {
        for (ChannelBinding binding : channel.bindings()) {
            if (binding.type().equals(gs2.binding()) && MechanismOffer.BINDING_TYPES.contains(binding.type())) {
                return binding.data();
            }
        }
        return null;
    }

    private static ScramHash hash(Attempt attempt) {
        return Objects.requireNonNull(attempt.mechanism().hash());
    }
}
