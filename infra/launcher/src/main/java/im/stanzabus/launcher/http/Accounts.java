package im.stanzabus.launcher.http;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.bus.api.Done;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;

/// The accounts as an administrator sees them. Fails with {@link Refused} only. Safe from any thread.
public final class Accounts {
    /// How many accounts one answer can hold.
    public static final int MAX_PAGE = 1000;

    private final Bus bus;
    private final Router router;

    public Accounts(Bus bus, Router router) {
        this.bus = bus;
        this.router = router;
    }

    /// The address of an account.
    ///
    /// @throws Refused if the text is none
    public static Jid jid(String text) {
        try {
            Jid jid = Jid.parse(text);
            if (jid.isBare() && jid.hasLocal()) {
                return jid;
            }
        } catch (JidSyntaxException e) {
            throw new Refused(400, "'" + text + "' is not an address: " + e.getMessage());
        }
        throw new Refused(400, "'" + text + "' is not an address of the form user@host");
    }

    public Future<Done> add(Jid account, String password) {
        return ask(account.domain(), new AuthRequest.CreateAccount(account, password), Done.class);
    }

    public Future<Done> changePassword(Jid account, String password) {
        return ask(account.domain(), new AuthRequest.ChangePassword(account, password), Done.class);
    }

    /// Removes an account with all it owns.
    public Future<Done> remove(Jid account) {
        return ask(account.domain(), new AuthRequest.RemoveAccount(account), Done.class);
    }

    /// A page of the accounts of a host, by name.
    ///
    /// @param after the last name of the page before, empty for the first page
    public Future<List<Jid>> list(String host, String after, int limit) {
        return ask(host, new AuthRequest.ListAccounts(host, after, limit), AuthRequest.Accounts.class)
                .map(AuthRequest.Accounts::accounts);
    }

    private <T extends BusMessage> Future<T> ask(String host, AuthRequest question, Class<T> answer) {
        if (!router.isHost(host)) {
            return Future.failedFuture(new Refused(422, "'" + host + "' is not a host of this server"));
        }
        Function<Throwable, Future<T>> refuse =
                failure -> Future.failedFuture(failure instanceof BusFailure known ? Refused.of(known) : failure);
        return bus.request(Addresses.AUTH, question, answer).recover(refuse);
    }
}
