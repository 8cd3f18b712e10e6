package im.stanzabus.session.iq;

import static im.stanzabus.session.iq.Questions.answer;
import static im.stanzabus.session.iq.Questions.question;
import static im.stanzabus.session.iq.Questions.refusal;
import static im.stanzabus.session.iq.Questions.xml;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.LocalMembership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.bus.api.Done;
import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// XEP-0077 for clients that are logged in, with a bus and an auth-service that writes down what it
/// is asked.
class RegistrationProcessorTest {
    private static final Jid BILL = Jid.of("bill@shakespeare.example");
    private static final Predicate<Jid> ANONYMOUS = jid -> jid.toString().startsWith("anon");

    private final List<Object> events = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger removalsToFail = new AtomicInteger();
    private final Promise<Void> removed = Promise.promise();
    private Vertx vertx;
    private Bus bus;
    private RegistrationProcessor processor;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        bus = new Bus(vertx, new LocalMembership(new NodeId("n1"), "test"));
        processor = new RegistrationProcessor(bus, true, true, ANONYMOUS);
    }

    @AfterEach
    void close() {
        Questions.await(vertx.close());
    }

    /// Section 3.1, example 3.
    @ParameterizedTest
    @CsvSource({"HOST, to='shakespeare.example'", "OWN, ''"})
    void whatIsRegistered(IqTarget target, String to) {
        assertThat(processor.targets()).contains(target);
        Element answer = answer(processor, ask(target, "type='get' " + to, "<query xmlns='jabber:iq:register'/>"));
        assertThat(answer.child("registered")).isNotNull();
        assertThat(answer.childText("username")).isEqualTo("bill");
        assertThat(answer.childText("password")).isEmpty();
    }

    /// Section 3.3, examples 27 and 28.
    @ParameterizedTest
    @CsvSource({"HOST, bill", "OWN, bill", "HOST, Bill"})
    void aNewPassword(IqTarget target, String username) {
        serveAuth();
        assertThat(answer(processor, ask(target, "type='set' to='shakespeare.example'", """
                <query xmlns='jabber:iq:register'><username>%s</username><password>newpass</password></query>
                """.formatted(username))))
                .isNull();
        assertThat(events).containsExactly(new AuthRequest.ChangePassword(BILL, "newpass"));
    }

    @Test
    void aPasswordThatCannotBeUsed() {
        serveAuth();
        assertThat(refusal(processor, ask(IqTarget.HOST, "type='set' to='shakespeare.example'", """
                <query xmlns='jabber:iq:register'><username>bill</username><password>bad</password></query>
                """)))
                .isEqualTo(Condition.NOT_ACCEPTABLE);
    }

    /// Section 3.2: the result first, the removal afterwards.
    @Test
    void removalBeginsAfterTheResult() {
        serveAuth();
        vertx.runOnContext(_ -> processor
                .process(ask(IqTarget.OWN, "type='set'", "<query xmlns='jabber:iq:register'><remove/></query>"))
                .onComplete(answer -> events.add("answered " + answer.result())));
        Questions.await(removed.future());
        assertThat(events)
                .containsExactly(
                        new AuthRequest.AccountExists(BILL), "answered null", new AuthRequest.RemoveAccount(BILL));
    }

    @Test
    void removalIsRepeatedUntilItIsDone() {
        serveAuth();
        removalsToFail.set(AccountRemoval.ATTEMPTS - 1);
        Questions.await(new AccountRemoval(bus, 1).begin(BILL));
        Questions.await(removed.future());
        assertThat(Collections.frequency(events, new AuthRequest.RemoveAccount(BILL)))
                .isEqualTo(AccountRemoval.ATTEMPTS);
    }

    /// Nobody is told that an account is removed which cannot be.
    @Test
    void withoutAuthServiceNothingIsPromised() {
        assertThat(refusal(
                        processor,
                        ask(IqTarget.OWN, "type='set'", "<query xmlns='jabber:iq:register'><remove/></query>")))
                .isEqualTo(Condition.RESOURCE_CONSTRAINT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # rule                         from                      type  content                                    condition
            3.2 remove stands alone      | bill@shakespeare.example | set | <remove/><username>bill</username>          | BAD_REQUEST
            3.2 not registered           | ghost@shakespeare.example | set | <remove/>                                  | REGISTRATION_REQUIRED
            3.2 not registered here      | romeo@montague.example   | set | <remove/>                                   | REGISTRATION_REQUIRED
            3.2 nothing is registered    | anon1@shakespeare.example | set | <remove/>                                  | REGISTRATION_REQUIRED
            3.1 no registration this way | romeo@montague.example   | get | ''                                          | SERVICE_UNAVAILABLE
            3.1 no registration this way | romeo@montague.example   | set | <username>r</username><password>p</password> | SERVICE_UNAVAILABLE
            3.1 a server, no account     | montague.example         | get | ''                                          | SERVICE_UNAVAILABLE
            3.1 nothing is registered    | anon1@shakespeare.example | get | ''                                         | SERVICE_UNAVAILABLE
            3.1.1 a second identity      | bill@shakespeare.example | set | <username>bob</username><password>p</password> | NOT_ACCEPTABLE
            3.1.1 no username at all     | bill@shakespeare.example | set | <username>@</username><password>p</password> | NOT_ACCEPTABLE
            3.3 username is missing      | bill@shakespeare.example | set | <password>p</password>                      | BAD_REQUEST
            3.3 password is missing      | bill@shakespeare.example | set | <username>bill</username>                   | BAD_REQUEST
            3.3 an empty password        | bill@shakespeare.example | set | <username>bill</username><password/>        | BAD_REQUEST
            3.3 nothing                  | bill@shakespeare.example | set | ''                                          | BAD_REQUEST
            """)
    void refuses(String rule, String from, String type, String content, Condition condition) {
        serveAuth();
        IqQuestion question = question(
                "<iq xmlns='jabber:client' id='1' type='%s' from='%s/x' to='shakespeare.example'>".formatted(type, from)
                        + "<query xmlns='jabber:iq:register'>" + content + "</query></iq>",
                IqTarget.HOST);
        assertThat(refusal(processor, question)).isEqualTo(condition);
        assertThat(events)
                .noneMatch(event ->
                        event instanceof AuthRequest.ChangePassword || event instanceof AuthRequest.RemoveAccount);
    }

    @Test
    void otherElementsOfTheNamespaceMeanNothing() {
        assertThat(refusal(processor, ask(IqTarget.OWN, "type='get'", "<register xmlns='jabber:iq:register'/>")))
                .isEqualTo(Condition.BAD_REQUEST);
    }

    /// Sections 3.2 and 3.3: not-allowed; section 3.1: service-unavailable when there is nothing at
    /// all.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # password  removal  change        remove        get                    feature
            true      | false  | done        | NOT_ALLOWED | registered           | true
            false     | true   | NOT_ALLOWED | done        | registered           | true
            false     | false  | NOT_ALLOWED | NOT_ALLOWED | SERVICE_UNAVAILABLE  | false
            """)
    void switchedOff(boolean password, boolean removal, String change, String remove, String get, boolean feature) {
        serveAuth();
        IqProcessor limited = new RegistrationProcessor(bus, password, removal, ANONYMOUS);
        assertThat(outcome(limited, "set", "<username>bill</username><password>p</password>", "done"))
                .isEqualTo(change);
        assertThat(outcome(limited, "set", "<remove/>", "done")).isEqualTo(remove);
        assertThat(outcome(limited, "get", "", "registered")).isEqualTo(get);
        assertThat(limited.hostFeatures().contains("jabber:iq:register")).isEqualTo(feature);
        assertThat(limited.accountFeatures()).isEmpty();
    }

    @Test
    void withoutPasswordChangeThereIsNoPasswordField() {
        IqProcessor limited = new RegistrationProcessor(bus, false, true, ANONYMOUS);
        assertThat(answer(limited, ask(IqTarget.OWN, "type='get'", "<query xmlns='jabber:iq:register'/>")))
                .isEqualTo(xml("<query xmlns='jabber:iq:register'><registered/><username>bill</username></query>"));
    }

    private static String outcome(IqProcessor processor, String type, String content, String success) {
        Future<Element> answer = processor.process(
                ask(IqTarget.OWN, "type='" + type + "'", "<query xmlns='jabber:iq:register'>" + content + "</query>"));
        return Questions.await(answer.transform(result -> Future.succeededFuture(
                result.succeeded()
                        ? success
                        : BusFailure.toStanzaError(result.cause()).condition().name())));
    }

    private static IqQuestion ask(IqTarget target, String attributes, String query) {
        return question(
                "<iq xmlns='jabber:client' id='1' from='bill@shakespeare.example/globe' " + attributes + ">" + query
                        + "</iq>",
                target);
    }

    private void serveAuth() {
        Questions.await(
                bus.serve(Addresses.AUTH, AuthRequest.class, this::authenticate).completion());
    }

    private Future<? extends BusMessage> authenticate(AuthRequest request) {
        events.add(request);
        return switch (request) {
            case AuthRequest.AccountExists exists ->
                Future.succeededFuture(new AuthRequest.Exists(exists.account().equals(BILL)));
            case AuthRequest.ChangePassword change ->
                change.password().equals("bad")
                        ? Future.failedFuture(new BusFailure(StanzaError.of(Condition.NOT_ACCEPTABLE), "bad"))
                        : Future.succeededFuture(Done.DONE);
            case AuthRequest.RemoveAccount _ -> {
                if (removalsToFail.getAndDecrement() > 0) {
                    yield Future.failedFuture(new BusFailure(StanzaError.of(Condition.RESOURCE_CONSTRAINT), "not yet"));
                }
                removed.tryComplete();
                yield Future.succeededFuture(Done.DONE);
            }
            default -> Future.failedFuture(new AssertionError("was not to be asked: " + request));
        };
    }
}
