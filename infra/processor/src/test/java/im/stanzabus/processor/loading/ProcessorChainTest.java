package im.stanzabus.processor.loading;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.processor.AccountView;
import im.stanzabus.processor.FilterVerdict;
import im.stanzabus.processor.Passage;
import im.stanzabus.processor.Processor;
import im.stanzabus.processor.ProcessorDescriptor;
import im.stanzabus.processor.Selector;
import im.stanzabus.processor.Verdict;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProcessorChainTest {
    private static final Jid ORCHARD = Jid.of("romeo@example.org/orchard");
    private static final Jid JULIET = Jid.of("juliet@example.org");
    private static final AccountView ROMEO = new AccountView(ORCHARD.bare(), false, List.of(ORCHARD));

    /// A processor for all stanzas at one place, by what it does there.
    private static final class Doing implements Processor {
        private Function<Passage, Verdict> before = _ -> Verdict.pass();
        private Function<Passage, List<Stanza>> after = _ -> List.of();
        private Function<Passage, FilterVerdict> outgoing = _ -> Verdict.pass();

        static Doing before(Function<Passage, Verdict> what) {
            Doing doing = new Doing();
            doing.before = what;
            return doing;
        }

        static Doing after(Function<Passage, List<Stanza>> what) {
            Doing doing = new Doing();
            doing.after = what;
            return doing;
        }

        static Doing outgoing(Function<Passage, FilterVerdict> what) {
            Doing doing = new Doing();
            doing.outgoing = what;
            return doing;
        }

        @Override
        public Verdict before(Passage passage) {
            return before.apply(passage);
        }

        @Override
        public List<Stanza> after(Passage passage) {
            return after.apply(passage);
        }

        @Override
        public FilterVerdict outgoing(Passage passage) {
            return outgoing.apply(passage);
        }
    }

    private static ProcessorDescriptor.Builder forAll(String name) {
        Selector[] all = {
            Selector.all(Stanza.Kind.MESSAGE), Selector.all(Stanza.Kind.PRESENCE), Selector.all(Stanza.Kind.IQ)
        };
        return ProcessorDescriptor.named(name).before(all).after(all).outgoing(all);
    }

    private static LoadedProcessor loaded(String name, Processor processor) {
        return new LoadedProcessor(forAll(name).build(), processor);
    }

    private static ProcessorChain only(Processor processor) {
        return new ProcessorChain(List.of(loaded("only", processor)));
    }

    private static Outcome before(ProcessorChain chain, Stanza stanza) {
        return chain.before(stanza, () -> ROMEO, ORCHARD, false);
    }

    private static Stanza message(StanzaType type, String body) {
        return Stanza.message(type, ORCHARD, JULIET, Element.text("body", Namespaces.CLIENT, body));
    }

    private static Stanza query(StanzaType type) {
        return Stanza.iq(type, "1", ORCHARD, JULIET, Element.of("query", "urn:x"));
    }

    private static Condition condition(Outcome outcome) {
        return ((Outcome.Ended) outcome).error().condition();
    }

    private static Verdict broken(Passage passage) {
        throw new IllegalStateException("I do not know " + passage.stanza().id());
    }

    @Test
    void lowerNumbersComeFirstThenNames() {
        List<String> asked = new ArrayList<>();
        List<LoadedProcessor> processors = new ArrayList<>();
        List.of("b 5", "a 5", "z -1", "m 0").forEach(each -> {
            String name = each.split(" ")[0];
            Processor noting = Doing.before(_ -> {
                asked.add(name);
                return Verdict.pass();
            });
            int order = Integer.parseInt(each.split(" ")[1]);
            processors.add(new LoadedProcessor(forAll(name).order(order).build(), noting));
        });

        before(new ProcessorChain(processors), message(StanzaType.CHAT, "hi"));

        assertThat(asked).containsExactly("z", "m", "a", "b");
    }

    @Test
    void eachSeesWhatThoseBeforeItHaveMade() {
        Doing more = Doing.before(passage -> Verdict.replace(Element.text(
                "body",
                Namespaces.CLIENT,
                passage.stanza().payload().children().getFirst().text() + "!")));
        ProcessorChain chain = new ProcessorChain(List.of(loaded("a", more), loaded("b", more)));
        Stanza sent = message(StanzaType.CHAT, "hi").withId("m1");

        assertThat(before(chain, sent))
                .isEqualTo(new Outcome.Onward(message(StanzaType.CHAT, "hi!!").withId("m1")));
    }

    @Test
    void theFirstThatRefusesEndsTheRow() {
        StanzaError error = StanzaError.of(Condition.POLICY_VIOLATION, "no");
        ProcessorChain chain = new ProcessorChain(List.of(
                loaded("a", Doing.before(_ -> Verdict.refuse(error))),
                loaded("b", Doing.before(ProcessorChainTest::broken))));

        assertThat(before(chain, message(StanzaType.CHAT, "hi"))).isEqualTo(new Outcome.Ended(error));
    }

    @ParameterizedTest
    @EnumSource(
            value = StanzaType.class,
            names = {"RESULT", "ERROR"})
    void whatNoErrorMayAnswerJustEnds(StanzaType type) {
        ProcessorChain chain = only(Doing.before(_ -> Verdict.refuse(Condition.POLICY_VIOLATION, "no")));
        assertThat(before(chain, query(type))).isEqualTo(new Outcome.Ended(null));
    }

    @Test
    void whatIsPromisedAndCannotBeCheckedComesBack() {
        ProcessorChain chain = only(Doing.before(ProcessorChainTest::broken));

        assertThat(condition(before(chain, message(StanzaType.CHAT, "hi")))).isEqualTo(Condition.INTERNAL_SERVER_ERROR);
        assertThat(condition(before(chain, query(StanzaType.GET)))).isEqualTo(Condition.INTERNAL_SERVER_ERROR);
        Stanza subscribe = Stanza.presence(StanzaType.SUBSCRIBE, ORCHARD, JULIET);
        assertThat(condition(before(chain, subscribe))).isEqualTo(Condition.INTERNAL_SERVER_ERROR);
    }

    /// They would fail somewhere behind the processor, with the stanza of somebody else.
    @Test
    void aVerdictWithoutContentIsAFault() {
        Stanza chat = message(StanzaType.CHAT, "Hi");
        ProcessorChain refusing = only(Doing.before(_ -> Verdict.refuse((StanzaError) null)));
        assertThat(condition(before(refusing, chat))).isEqualTo(Condition.INTERNAL_SERVER_ERROR);
        ProcessorChain replacing = only(Doing.outgoing(_ -> Verdict.replace((Payload) null)));
        assertThat(replacing.outgoing(chat, () -> ROMEO, ORCHARD)).isEqualTo(chat);
    }

    @Test
    void whatIsNotPromisedGoesOnPastAFault() {
        for (Processor processor :
                List.of(Doing.before(ProcessorChainTest::broken), Doing.before(_ -> null), Doing.before(_ -> {
                    throw new NoClassDefFoundError("a jar without its libraries");
                }))) {
            for (Stanza stanza : List.of(
                    Stanza.presence(StanzaType.AVAILABLE, ORCHARD, null),
                    query(StanzaType.RESULT),
                    message(StanzaType.HEADLINE, "news"))) {
                assertThat(before(only(processor), stanza)).isEqualTo(new Outcome.Onward(stanza));
            }
        }
    }

    @Test
    void droppingWhatIsPromisedMustBeDeclared() {
        Doing dropping = Doing.before(_ -> Verdict.drop());
        ProcessorChain declared = new ProcessorChain(
                List.of(new LoadedProcessor(forAll("d").dropsMessages().build(), dropping)));
        Stanza chat = message(StanzaType.CHAT, "hi");
        Stanza news = message(StanzaType.HEADLINE, "news");

        assertThat(before(only(dropping), news)).isEqualTo(new Outcome.Ended(null));
        assertThat(condition(before(only(dropping), chat))).isEqualTo(Condition.INTERNAL_SERVER_ERROR);
        assertThat(before(declared, chat)).isEqualTo(new Outcome.Ended(null));
        assertThat(condition(before(declared, query(StanzaType.SET)))).isEqualTo(Condition.INTERNAL_SERVER_ERROR);
        assertThat(before(declared, query(StanzaType.RESULT))).isEqualTo(new Outcome.Onward(query(StanzaType.RESULT)));
    }

    @Test
    void anIqRequestKeepsOneChild() {
        ProcessorChain chain = only(Doing.before(_ -> Verdict.replace(Payload.EMPTY)));

        assertThat(condition(before(chain, query(StanzaType.GET)))).isEqualTo(Condition.INTERNAL_SERVER_ERROR);
        assertThat(before(chain, query(StanzaType.RESULT)))
                .isEqualTo(new Outcome.Onward(query(StanzaType.RESULT).withPayload(Payload.EMPTY)));
    }

    @Test
    void nobodyLooksAtTheAccountForWhatNobodyHasChosen() {
        ProcessorDescriptor descriptor = ProcessorDescriptor.named("only")
                .before(Selector.namespace(Stanza.Kind.MESSAGE, "urn:x"))
                .after(Selector.all(Stanza.Kind.PRESENCE))
                .outgoing(Selector.all(Stanza.Kind.PRESENCE))
                .build();
        ProcessorChain chain =
                new ProcessorChain(List.of(new LoadedProcessor(descriptor, Doing.before(ProcessorChainTest::broken))));
        Stanza stanza = message(StanzaType.CHAT, "hi");

        assertThat(chain.before(stanza, ProcessorChainTest::nobody, ORCHARD, false))
                .isEqualTo(new Outcome.Onward(stanza));
        assertThat(chain.after(stanza, ProcessorChainTest::nobody, ORCHARD, false))
                .isEmpty();
        assertThat(chain.outgoing(stanza, ProcessorChainTest::nobody, ORCHARD)).isSameAs(stanza);
    }

    private static AccountView nobody() {
        throw new AssertionError("nobody has asked for the account");
    }

    @Test
    void placesWithoutProcessorsAreKnown() {
        ProcessorDescriptor descriptor = ProcessorDescriptor.named("only")
                .after(Selector.all(Stanza.Kind.MESSAGE))
                .build();
        ProcessorChain chain = new ProcessorChain(List.of(new LoadedProcessor(descriptor, new Doing())));

        assertThat(chain.isBefore()).isFalse();
        assertThat(chain.isAfter()).isTrue();
        assertThat(chain.isOutgoing()).isFalse();
        assertThat(ProcessorChain.NONE.isAfter()).isFalse();
    }

    @Test
    void toldWhoHasSentWhatAndWhetherItMayHaveComeBefore() {
        List<Passage> seen = new ArrayList<>();
        ProcessorChain chain = only(Doing.after(passage -> {
            seen.add(passage);
            return List.of();
        }));
        Stanza stanza = message(StanzaType.CHAT, "hi");

        chain.after(stanza, () -> ROMEO, ORCHARD, true);
        chain.after(stanza, () -> ROMEO, null, false);

        assertThat(seen)
                .containsExactly(new Passage(stanza, ROMEO, ORCHARD, true), new Passage(stanza, ROMEO, null, false));
    }

    @Test
    void furtherStanzasAreCountedPerProcessor() {
        Stanza first = Stanza.message(StanzaType.CHAT, ORCHARD.bare(), JULIET);
        Stanza second = Stanza.message(StanzaType.CHAT, Jid.of("example.org"), JULIET);
        ProcessorChain chain = new ProcessorChain(List.of(
                loaded("a", Doing.after(_ -> List.of(first, second))), loaded("b", Doing.after(_ -> List.of(second)))));

        assertThat(chain.after(message(StanzaType.CHAT, "hi"), () -> ROMEO, ORCHARD, false))
                .containsExactly(
                        new ProcessorChain.Further("a", 0, first),
                        new ProcessorChain.Further("a", 1, second),
                        new ProcessorChain.Further("b", 0, second));
    }

    @Test
    void nothingIsSentInTheNameOfOthersOrToNobodyOrWithoutEnd() {
        Stanza good = Stanza.message(StanzaType.CHAT, ORCHARD, JULIET);
        for (List<Stanza> wanted : List.of(
                List.of(good, good.withFrom(JULIET)),
                List.of(good, good.withFrom(null)),
                List.of(good, good.withFrom(Jid.of("example.org/x"))),
                List.of(good, good.withTo(null)),
                java.util.Collections.nCopies(Processor.MOST_FURTHER + 1, good))) {
            assertThat(only(Doing.after(_ -> wanted)).after(good, () -> ROMEO, ORCHARD, false))
                    .isEmpty();
        }
    }

    @Test
    void filtersReplaceAndDrop() {
        Stanza chat = message(StanzaType.CHAT, "hi");
        Stanza news = message(StanzaType.HEADLINE, "news");
        ProcessorChain replacing = only(Doing.outgoing(
                passage -> Verdict.replace(passage.stanza().payload().plus(Element.of("seen", "urn:x")))));
        ProcessorChain dropping = only(Doing.outgoing(_ -> Verdict.drop()));

        assertThat(replacing.outgoing(chat, () -> ROMEO, ORCHARD))
                .isEqualTo(chat.withPayload(chat.payload().plus(Element.of("seen", "urn:x"))));
        assertThat(dropping.outgoing(news, () -> ROMEO, ORCHARD)).isNull();
        assertThat(dropping.outgoing(chat, () -> ROMEO, ORCHARD)).isSameAs(chat);
        assertThat(dropping.outgoing(query(StanzaType.GET), () -> ROMEO, ORCHARD))
                .isEqualTo(query(StanzaType.GET));
    }

    @Test
    void aFilterThatFailsKeepsNothingBack() {
        ProcessorChain chain = only(Doing.outgoing(_ -> {
            throw new StackOverflowError();
        }));
        Stanza stanza = message(StanzaType.CHAT, "hi");

        assertThat(chain.outgoing(stanza, () -> ROMEO, ORCHARD)).isSameAs(stanza);
    }
}
