package im.stanzabus.bench.load.client;

import im.stanzabus.bench.load.wire.Connection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The way from the stream's header to a user who is online, or to a new account: STARTTLS, SASL and binding (RFC 6120
/// sections 5 to 7), roster and initial presence (RFC 6121 sections 2.2 and 4.2), registration (XEP-0077 section 3.1).
final class Negotiation {
    private static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";

    private final Client client;
    private final Target target;
    private final Goal goal;
    private final Connection connection;
    private final SaltedPasswords salted;
    private final Map<String, String> roster = new TreeMap<>();
    private Step step = Step.FEATURES;
    private boolean isAuthenticated;
    private String mechanism = "";
    private String jid = "";
    private @Nullable Scram scram;

    /// Where it leads.
    enum Goal {
        ONLINE,
        ACCOUNT
    }

    private enum Step {
        FEATURES,
        PROCEED,
        SASL,
        BIND,
        ROSTER,
        PRESENCE,
        REGISTRATION
    }

    Negotiation(Client client, Target target, Goal goal, Connection connection, SaltedPasswords salted) {
        this.client = client;
        this.target = target;
        this.goal = goal;
        this.connection = connection;
        this.salted = salted;
    }

    /// Opens a stream (RFC 6120 section 4.2).
    void open() {
        step = Step.FEATURES;
        connection.restart();
        connection.send("<?xml version='1.0'?><stream:stream to='" + Text.escaped(target.domain())
                + "' version='1.0' xml:lang='en' xmlns='jabber:client'"
                + " xmlns:stream='http://etherx.jabber.org/streams'>");
    }

    /// @return false if the stream begins anew
    boolean element(String xml) {
        if (xml.startsWith("<stream:error")) {
            return fail(xml);
        }
        return switch (step) {
            case FEATURES -> features(xml);
            case PROCEED -> proceed(xml);
            case SASL -> sasl(xml);
            case BIND -> bind(xml);
            case ROSTER -> roster(xml);
            case PRESENCE -> presence(xml);
            case REGISTRATION -> registration(xml);
        };
    }

    private boolean fail(String xml) {
        client.fail(step.name().toLowerCase(Locale.ROOT) + ": " + Text.brief(xml));
        return false;
    }

    private boolean features(String features) {
        if (!features.contains("features")) {
            return fail(features);
        }
        if (target.tls() && !connection.isSecured()) {
            step = Step.PROCEED;
            connection.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
            return true;
        }
        if (goal == Goal.ACCOUNT) {
            return register();
        }
        if (isAuthenticated) {
            step = Step.BIND;
            connection.send("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>"
                    + Text.escaped(target.resource()) + "</resource></bind></iq>");
            return true;
        }
        return authenticate(features);
    }

    private boolean proceed(String xml) {
        if (!xml.startsWith("<proceed")) {
            return fail(xml);
        }
        connection.startTls();
        return false;
    }

    private boolean register() {
        step = Step.REGISTRATION;
        Account account = client.account();
        connection.send("<iq type='set' id='register' to='" + Text.escaped(target.domain())
                + "'><query xmlns='jabber:iq:register'><username>" + Text.escaped(account.name())
                + "</username><password>" + Text.escaped(account.password()) + "</password></query></iq>");
        return true;
    }

    private boolean registration(String xml) {
        if (!xml.startsWith("<iq")) {
            return true;
        }
        boolean isThere = Text.attribute(Text.startTag(xml), "type").equals("result") || xml.contains("<conflict");
        if (!isThere) {
            return fail(xml);
        }
        client.registered();
        return true;
    }

    private boolean authenticate(String features) {
        for (String each : target.auth().mechanisms()) {
            if (features.contains(">" + each + "<")) {
                mechanism = each;
                step = Step.SASL;
                connection.send("<auth xmlns='" + SASL + "' mechanism='" + each + "'>" + Text.encoded(initial(each))
                        + "</auth>");
                return true;
            }
        }
        return fail("none of " + target.auth().mechanisms() + " in " + features);
    }

    private String initial(String name) {
        Account account = client.account();
        if (name.equals("PLAIN")) {
            return "\0" + account.name() + "\0" + account.password();
        }
        scram = new Scram(salted, name, account);
        return scram.first();
    }

    private boolean sasl(String xml) {
        try {
            if (xml.startsWith("<challenge") && scram != null) {
                connection.send("<response xmlns='" + SASL + "'>" + Text.encoded(scram.last(Text.decoded(xml)))
                        + "</response>");
                return true;
            }
            if (!xml.startsWith("<success") || (scram != null && !scram.isVerified(Text.decoded(xml)))) {
                return fail(xml);
            }
        } catch (IllegalArgumentException e) {
            return fail(e.getMessage() + " in " + xml);
        }
        isAuthenticated = true;
        open();
        return false;
    }

    private boolean bind(String xml) {
        String bound = Text.between(xml, "<jid>", "</jid>");
        if (bound == null) {
            return fail(xml);
        }
        jid = bound;
        step = Step.ROSTER;
        connection.send("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
        return true;
    }

    private boolean roster(String xml) {
        String tag = Text.startTag(xml);
        if (!tag.startsWith("<iq") || !Text.attribute(tag, "id").equals("roster")) {
            return true;
        }
        if (!Text.attribute(tag, "type").equals("result")) {
            return fail(xml);
        }
        for (int at = xml.indexOf("<item"); at >= 0; at = xml.indexOf("<item", at + 1)) {
            String item = Text.startTag(xml.substring(at, xml.indexOf('>', at) + 1));
            roster.put(Text.attribute(item, "jid"), Text.attribute(item, "subscription"));
        }
        step = Step.PRESENCE;
        connection.send("<presence/>");
        return true;
    }

    private boolean presence(String xml) {
        if (xml.startsWith("<presence")
                && Text.attribute(Text.startTag(xml), "from").equals(jid)) {
            client.online(jid, roster, mechanism);
        }
        return true;
    }
}
