package im.stanzabus.auth.sasl;

import im.stanzabus.bus.api.AuthRequest.SaslChannel;
import im.stanzabus.launcher.VirtualHost;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One login in progress.
///
/// @param began when its first step came
record Attempt(Mechanism mechanism, VirtualHost host, SaslChannel channel, Instant began) {

    /// The account of a simple user name (RFC 6120 section 6.3.7). A name that cannot be an account's is
    /// treated like one of an account that does not exist.
    Jid account(String username) {
        try {
            return Jid.prepared(username, host.domain(), null);
        } catch (JidSyntaxException e) {
            throw SaslRefusal.notAuthorized();
        }
    }

    /// Users act for themselves only: an authorization identity, if any, is the account's bare JID (RFC
    /// 6120 section 6.3.8).
    void checkAuthzid(@Nullable String authzid, Jid account) {
        if (authzid != null && !authzid.isEmpty() && !account.equals(parsed(authzid))) {
            throw SaslRefusal.of(SaslCondition.INVALID_AUTHZID, "not the address of this account")
                    .about(account);
        }
    }

    /// An authorization identity as an address; null if it is none.
    static @Nullable Jid parsed(String authzid) {
        try {
            return Jid.parse(authzid);
        } catch (JidSyntaxException e) {
            return null;
        }
    }
}
