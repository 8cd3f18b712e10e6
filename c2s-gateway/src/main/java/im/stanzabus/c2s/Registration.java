package im.stanzabus.c2s;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import java.util.concurrent.ThreadLocalRandom;

/// Registration by a client without an account, before login (XEP-0077 section 3.1).
final class Registration {
    private final Connection connection;
    private final boolean open;
    private boolean registered;

    Registration(Connection connection, boolean open) {
        this.connection = connection;
        this.open = open;
    }

    static boolean isFor(Stanza stanza) {
        return stanza.isIq() && stanza.isRequest() && stanza.payload().has("query", Namespaces.REGISTER);
    }

    void received(Stanza iq) {
        Element query = iq.payload().child("query", Namespaces.REGISTER);
        if (!open || query == null) {
            answer(iq.error(StanzaError.of(Condition.NOT_ALLOWED, "accounts are not made this way here")));
        } else if (iq.type() == StanzaType.GET) {
            answer(iq.result(Element.builder("query", Namespaces.REGISTER)
                    .childText("instructions", "Choose a name and a password.")
                    .childText("username", "")
                    .childText("password", "")
                    .build()));
        } else {
            register(iq, query);
        }
    }

    private void register(Stanza iq, Element query) {
        String username = query.childText("username");
        String password = query.childText("password");
        if (registered || username == null || username.isEmpty() || password == null || password.isEmpty()) {
            answer(iq.error(Condition.NOT_ACCEPTABLE));
            return;
        }
        AuthRequest.Register request = new AuthRequest.Register(
                connection.host(),
                username,
                password,
                connection.address(),
                ThreadLocalRandom.current().nextLong());
        connection
                .in()
                .await(
                        connection.gateway().auth().register(request),
                        _ -> {
                            registered = true;
                            answer(iq.result());
                        },
                        failure -> answer(iq.error(BusFailure.toStanzaError(failure))));
    }

    private void answer(Stanza stanza) {
        connection.send(stanza.withFrom(Jid.of(connection.host())).withTo(null));
    }
}
