package im.stanzabus.session.iq;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.bus.api.Done;
import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// In-Band Registration for clients that are logged in (XEP-0077): what is registered, a new
/// password (section 3.3), removal of the account (section 3.2). New accounts are the gateway's
/// matter.
public final class RegistrationProcessor implements IqProcessor {
    private final Bus bus;
    private final boolean passwordChange;
    private final boolean accountRemoval;
    private final Predicate<Jid> anonymous;
    private final AccountRemoval removal;

    /// @param anonymous tells accounts that have no registration
    public RegistrationProcessor(Bus bus, boolean passwordChange, boolean accountRemoval, Predicate<Jid> anonymous) {
        this.bus = bus;
        this.passwordChange = passwordChange;
        this.accountRemoval = accountRemoval;
        this.anonymous = anonymous;
        this.removal = new AccountRemoval(bus, AccountRemoval.FIRST_PAUSE_MILLIS);
    }

    @Override
    public String namespace() {
        return Namespaces.REGISTER;
    }

    @Override
    public Set<IqTarget> targets() {
        return Set.of(IqTarget.HOST, IqTarget.OWN);
    }

    @Override
    public List<String> hostFeatures() {
        return passwordChange || accountRemoval ? List.of(Namespaces.REGISTER) : List.of();
    }

    @Override
    public Future<@Nullable Element> process(IqQuestion question) {
        Element query = question.query();
        if (!query.name().equals("query")) {
            return Requests.refuse(Condition.BAD_REQUEST, "this namespace has no such element");
        }
        boolean remove = query.child("remove") != null;
        Jid account = question.asker().bare();
        if (!isRegistered(account, question.host())) {
            return question.iq().type() == StanzaType.SET && remove
                    ? Requests.refuse(Condition.REGISTRATION_REQUIRED, "not registered here")
                    : Requests.refuse(Condition.SERVICE_UNAVAILABLE, "no registration by clients that are logged in");
        }
        if (question.iq().type() == StanzaType.GET) {
            return registered(account);
        }
        return remove ? remove(account, query) : changePassword(account, query);
    }

    @Override
    public Future<Void> afterwards(Jid account) {
        return removal.underWay(account);
    }

    private boolean isRegistered(Jid account, String host) {
        return account.hasLocal() && account.domain().equals(host) && !anonymous.test(account);
    }

    private Future<@Nullable Element> registered(Jid account) {
        if (!passwordChange && !accountRemoval) {
            return Requests.refuse(Condition.SERVICE_UNAVAILABLE, "registrations are not changed in-band");
        }
        Element.Builder query =
                Element.builder("query", Namespaces.REGISTER).child(Element.of("registered", Namespaces.REGISTER));
        if (passwordChange) {
            query.childText("instructions", "To change the password, send the username and the new password.");
        }
        query.childText("username", String.valueOf(account.local()));
        return Future.succeededFuture(
                (passwordChange ? query.child(Element.of("password", Namespaces.REGISTER)) : query).build());
    }

    private Future<@Nullable Element> remove(Jid account, Element query) {
        if (!accountRemoval) {
            return Requests.refuse(Condition.NOT_ALLOWED, "accounts are not removed in-band");
        }
        if (query.children().size() != 1) {
            return Requests.refuse(Condition.BAD_REQUEST, "remove must stand alone");
        }
        return removal.begin(account);
    }

    private Future<@Nullable Element> changePassword(Jid account, Element query) {
        if (!passwordChange) {
            return Requests.refuse(Condition.NOT_ALLOWED, "passwords are not changed in-band");
        }
        String username = query.childText("username");
        String password = query.childText("password");
        if (username == null || password == null || password.isEmpty()) {
            return Requests.refuse(Condition.BAD_REQUEST, "a new password needs username and password");
        }
        if (!names(account, username)) {
            // Section 3.1.1: an attempt to register a second identity.
            return Requests.refuse(Condition.NOT_ACCEPTABLE, "the username is not that of this account");
        }
        return bus.request(Addresses.AUTH, new AuthRequest.ChangePassword(account, password), Done.class)
                .mapEmpty();
    }

    private static boolean names(Jid account, String username) {
        try {
            return Jid.prepared(username, account.domain(), null).equals(account);
        } catch (JidSyntaxException _) {
            return false;
        }
    }
}
