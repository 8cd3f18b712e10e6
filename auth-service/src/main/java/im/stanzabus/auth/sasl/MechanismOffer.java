package im.stanzabus.auth.sasl;

import im.stanzabus.bus.api.AuthRequest.ChannelBinding;
import im.stanzabus.bus.api.AuthRequest.Mechanisms;
import im.stanzabus.bus.api.AuthRequest.OfferMechanisms;
import im.stanzabus.bus.api.AuthRequest.SaslChannel;
import im.stanzabus.launcher.VirtualHost;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Which mechanisms a stream is offered. Immutable.
public final class MechanismOffer {
    /// The channel-binding types that are accepted: RFC 9266 and RFC 5929 section 4.
    static final Set<String> BINDING_TYPES = Set.of("tls-exporter", "tls-server-end-point");

    private final EnumSet<Mechanism> enabled;

    /// @param enabled what the configuration allows at all; not empty
    public MechanismOffer(Set<Mechanism> enabled) {
        this.enabled = EnumSet.copyOf(enabled);
    }

    /// What a stream of a host is offered: names, strongest first, and the channel-binding types for
    /// XEP-0440.
    Mechanisms on(VirtualHost host, OfferMechanisms stream) {
        List<String> bindings =
                stream.bindings().stream().filter(BINDING_TYPES::contains).toList();
        boolean bound = stream.secure() && !bindings.isEmpty();
        List<Mechanism> offered = enabled.stream()
                .filter(mechanism -> isAllowed(mechanism, host)
                        && (stream.secure() || !mechanism.needsEncryption())
                        && (bound || !mechanism.isPlus())
                        && (stream.certificate() || mechanism != Mechanism.EXTERNAL))
                .toList();
        boolean anyPlus = offered.stream().anyMatch(Mechanism::isPlus);
        return new Mechanisms(offered.stream().map(Mechanism::wire).toList(), anyPlus ? bindings : List.of());
    }

    /// Refuses a mechanism that the stream was not offered.
    void check(Mechanism mechanism, VirtualHost host, SaslChannel channel) {
        if (!enabled.contains(mechanism) || !isAllowed(mechanism, host)) {
            throw notOffered();
        }
        if (mechanism.needsEncryption() && !channel.secure()) {
            throw SaslRefusal.of(
                    SaslCondition.ENCRYPTION_REQUIRED, mechanism.wire() + " is only for encrypted streams");
        }
        if (mechanism.isPlus() && !canBind(channel)) {
            throw notOffered();
        }
    }

    /// True if the client of this stream was offered channel binding; one that claims the contrary was
    /// deceived (RFC 5802 section 6).
    boolean offersBinding(SaslChannel channel) {
        return canBind(channel) && enabled.stream().anyMatch(Mechanism::isPlus);
    }

    static SaslRefusal notOffered() {
        return SaslRefusal.of(SaslCondition.INVALID_MECHANISM, "the mechanism is not offered on this stream");
    }

    private static boolean canBind(SaslChannel channel) {
        return channel.secure()
                && channel.bindings().stream().map(ChannelBinding::type).anyMatch(BINDING_TYPES::contains);
    }

    private static boolean isAllowed(Mechanism mechanism, VirtualHost host) {
        return switch (mechanism) {
            case ANONYMOUS -> host.anonymous();
            case EXTERNAL -> host.external();
            default -> true;
        };
    }
}
