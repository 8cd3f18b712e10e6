package im.stanzabus.drill.client;

import org.jspecify.annotations.Nullable;

/// The way from an open connection to a stream that carries stanzas: SASL, then resumption (XEP-0198 section 5), or
/// binding a resource (RFC 6120 section 7) and stream management.
final class Negotiation implements ClientStream.Receiver {
    static final String SM = "urn:xmpp:sm:3";
    private static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
    private static final String BIND = "urn:ietf:params:xml:ns:xmpp-bind";

    /// A stream that can perhaps be resumed.
    ///
    /// @param handled the stanzas that the client received on it
    record Resumption(String id, long handled) {}

    /// Who is told the result.
    interface Outcome {
        void heard();

        /// The old stream goes on.
        void resumed(long serverHandled);

        /// It does not; a resource is being bound instead.
        ///
        /// @param serverHandled the server's last count, -1 if it knows none
        void notResumed(long serverHandled);

        /// A new stream is there.
        ///
        /// @param resumeId null if it cannot be resumed
        /// @param managed whether the server acknowledges stanzas
        void bound(@Nullable String resumeId, boolean managed);

        void failed(String why);
    }

    private final ClientStream stream;
    private final ScramLogin login;
    private final String resource;
    private final boolean wantsResumption;
    private final Outcome outcome;
    private @Nullable Resumption resumption;
    private boolean loggedIn;
    private boolean managed;
    private boolean over;

    Negotiation(
            ClientStream stream,
            Account account,
            String resource,
            boolean wantsResumption,
            @Nullable Resumption resumption,
            Outcome outcome) {
        this.stream = stream;
        this.login = new ScramLogin(account);
        this.resource = resource;
        this.wantsResumption = wantsResumption;
        this.resumption = resumption;
        this.outcome = outcome;
    }

    @Override
    public void heard() {
        outcome.heard();
    }

    @Override
    public void ended(String why) {
        if (!over) {
            over = true;
            outcome.failed(why);
        }
    }

    @Override
    public void received(Element element) {
        try {
            dispatch(element);
        } catch (IllegalStateException | IllegalArgumentException e) {
            stream.abort("login: " + e.getMessage());
        }
    }

    private void dispatch(Element element) {
        switch (element.name()) {
            case "features" -> features(element);
            case "challenge" ->
                stream.write("<response xmlns='" + SASL + "'>" + login.answer(element.text()) + "</response>");
            case "success" -> {
                if (!login.isServersProof(element.text())) {
                    throw new IllegalStateException("the server does not know the password");
                }
                loggedIn = true;
                stream.open();
            }
            case "failure" -> stream.close("login refused: " + condition(element));
            case "resumed" -> {
                over = true;
                outcome.resumed(Long.parseLong(element.attribute("h")));
            }
            case "failed" -> failed(element);
            case "iq" -> bound(element);
            case "enabled" -> enabled(element);
            default -> {}
        }
    }

    private void features(Element features) {
        if (!loggedIn) {
            stream.write(
                    "<auth xmlns='" + SASL + "' mechanism='" + ScramLogin.MECHANISM + "'>" + login.first() + "</auth>");
            return;
        }
        managed = features.child("sm", SM).isPresent();
        Resumption old = resumption;
        if (old != null && managed) {
            stream.write("<resume xmlns='" + SM + "' previd='" + old.id() + "' h='" + old.handled() + "'/>");
        } else {
            bind();
        }
    }

    private void bind() {
        stream.write("<iq type='set' id='bind'><bind xmlns='" + BIND + "'><resource>" + resource
                + "</resource></bind></iq>");
    }

    /// Either the resumption or the stream management was refused.
    private void failed(Element failed) {
        if (resumption == null) {
            ready(null, false);
            return;
        }
        resumption = null;
        String handled = failed.attribute("h");
        outcome.notResumed(handled.isEmpty() ? -1 : Long.parseLong(handled));
        bind();
    }

    private void bound(Element iq) {
        if (!iq.attribute("type").equals("result")) {
            String condition = iq.child("error", "jabber:client")
                    .map(Negotiation::condition)
                    .orElse("");
            stream.close("binding refused: " + condition);
        } else if (managed) {
            stream.write("<enable xmlns='" + SM + "'" + (wantsResumption ? " resume='true'" : "") + "/>");
        } else {
            ready(null, false);
        }
    }

    private void enabled(Element enabled) {
        String resume = enabled.attribute("resume");
        ready(resume.equals("true") || resume.equals("1") ? enabled.attribute("id") : null, true);
    }

    private void ready(@Nullable String resumeId, boolean acknowledges) {
        over = true;
        outcome.bound(resumeId, acknowledges);
    }

    static String condition(Element error) {
        return error.children().stream().map(Element::name).findFirst().orElse("without a condition");
    }
}
