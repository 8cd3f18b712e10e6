package im.stanzabus.auth.sasl;

import im.stanzabus.auth.account.AccountService;
import im.stanzabus.bus.api.SaslReply;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import java.util.LinkedHashSet;
import java.util.Set;

/// EXTERNAL with a client certificate that the gateway has checked (XEP-0178 section 2). Certificates without
/// an address are mapped to nobody.
final class ExternalLogin implements SaslLogin {
    private final AccountService accounts;

    ExternalLogin(AccountService accounts) {
        this.accounts = accounts;
    }

    @Override
    public Future<SaslReply> first(Attempt attempt, byte[] data) {
        Set<Jid> certified = new LinkedHashSet<>();
        for (String address : attempt.channel().certificateJids()) {
            Jid jid = Attempt.parsed(address);
            if (jid != null && jid.hasLocal()) {
                certified.add(jid.bare());
            }
        }
        if (certified.isEmpty()) {
            throw SaslRefusal.of(SaslCondition.NOT_AUTHORIZED, "no certificate with an address");
        }
        String authzid = SaslText.decode(data);
        Jid account = authzid.isEmpty() ? only(certified) : chosen(certified, authzid);
        if (!account.domain().equals(attempt.host().domain())) {
            throw notThisAccount().about(account);
        }
        return accounts.exists(account)
                .compose(exists -> exists
                        ? Future.succeededFuture(new SaslReply.Success(account, null))
                        : Future.failedFuture(notThisAccount().about(account)));
    }

    private static Jid only(Set<Jid> certified) {
        if (certified.size() > 1) {
            throw SaslRefusal.of(
                    SaslCondition.INVALID_AUTHZID, "the certificate has several addresses, choose one of them");
        }
        return certified.iterator().next();
    }

    private static Jid chosen(Set<Jid> certified, String authzid) {
        Jid wanted = Attempt.parsed(authzid);
        if (wanted == null || !certified.contains(wanted)) {
            throw SaslRefusal.of(SaslCondition.INVALID_AUTHZID, "the certificate does not have this address");
        }
        return wanted;
    }

    private static SaslRefusal notThisAccount() {
        return SaslRefusal.of(SaslCondition.NOT_AUTHORIZED, "the certificate is for no account of this host");
    }
}
