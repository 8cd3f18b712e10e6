package im.stanzabus.example.words;

import im.stanzabus.processor.Answer;
import im.stanzabus.processor.FilterVerdict;
import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.Passage;
import im.stanzabus.processor.Processor;
import im.stanzabus.processor.Verdict;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks at the words of messages, in all four places. It keeps nothing, so that it says the same
/// of a message that comes twice.
final class WordsProcessor implements Processor {
    /// Of the request that asks for the words.
    static final String NAMESPACE = "urn:example:words:0";

    private final WordList refused;
    private final WordList masked;
    private final WordList hidden;
    private final @Nullable Jid moderator;

    /// @param refused words that our clients may not send
    /// @param masked words that our clients see as asterisks
    /// @param hidden words whose messages our clients do not see at all
    /// @param moderator who is told who uses words that are masked; null for nobody
    WordsProcessor(WordList refused, WordList masked, WordList hidden, @Nullable Jid moderator) {
        this.refused = refused;
        this.masked = masked;
        this.hidden = hidden;
        this.moderator = moderator;
    }

    /// Messages of our clients: some come back.
    @Override
    public Verdict before(Passage passage) {
        return says(passage.stanza(), refused)
                ? Verdict.refuse(Condition.POLICY_VIOLATION, "There is a word in this message that is not said here.")
                : Verdict.pass();
    }

    /// Who asks is told which words are not for here.
    @Override
    public Answer answer(IqQuestion question) {
        StanzaError mistake = question.mistake(StanzaType.GET, "words");
        if (mistake != null) {
            return new Answer.Refusal(mistake);
        }
        Element.Builder words = Element.builder("words", NAMESPACE);
        refused.words().forEach(word -> words.childText("refused", word));
        masked.words().forEach(word -> words.childText("masked", word));
        return Answer.result(words.build());
    }

    /// Messages of our clients that went on: the moderator is told of some.
    @Override
    public List<Stanza> after(Passage passage) {
        Jid sender = passage.client();
        if (moderator == null || sender == null || !says(passage.stanza(), masked)) {
            return List.of();
        }
        Element note = Element.text("body", Namespaces.CLIENT, sender.bare() + " should be talked to.");
        return List.of(Stanza.message(StanzaType.NORMAL, Jid.of(sender.domain()), moderator, note));
    }

    /// Messages to our clients, from wherever they come: some are masked, some vanish.
    @Override
    public FilterVerdict outgoing(Passage passage) {
        Stanza message = passage.stanza();
        if (says(message, hidden)) {
            return Verdict.drop();
        }
        return says(message, masked) ? Verdict.replace(masked(message.payload())) : Verdict.pass();
    }

    private static boolean says(Stanza message, WordList words) {
        return message.payload().children().stream().anyMatch(child -> isBody(child) && words.isIn(child.text()));
    }

    private Payload masked(Payload payload) {
        return Payload.of(payload.children().stream()
                .map(child -> isBody(child) ? mask(child) : child)
                .toList());
    }

    /// A body has no children (RFC 6121 section 5.2.3), so that there is nothing but its text to
    /// copy.
    private Element mask(Element body) {
        return new Element(body.name(), body.namespace(), body.attributes(), List.of(masked.mask(body.text())));
    }

    private static boolean isBody(Element child) {
        return child.is("body", Namespaces.CLIENT);
    }
}
