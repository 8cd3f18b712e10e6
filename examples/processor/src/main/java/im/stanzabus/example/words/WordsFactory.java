package im.stanzabus.example.words;

import im.stanzabus.processor.IqTarget;
import im.stanzabus.processor.Processor;
import im.stanzabus.processor.ProcessorDescriptor;
import im.stanzabus.processor.ProcessorFactory;
import im.stanzabus.processor.Selector;
import im.stanzabus.processor.WrongSetting;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes the processor `words`. It is named in `META-INF/services`.
public final class WordsFactory implements ProcessorFactory {
    private static final Selector WITH_BODY = Selector.child(Stanza.Kind.MESSAGE, "body", Namespaces.CLIENT);

    @Override
    public ProcessorDescriptor descriptor() {
        return ProcessorDescriptor.named("words")
                .before(WITH_BODY)
                .answers(WordsProcessor.NAMESPACE, IqTarget.HOST, IqTarget.OWN)
                .after(WITH_BODY)
                .outgoing(WITH_BODY)
                .hostFeature(WordsProcessor.NAMESPACE)
                .accountFeature(WordsProcessor.NAMESPACE)
                .setting("refused", "")
                .setting("masked", "")
                .setting("hidden", "")
                .setting("moderator", "")
                .dropsMessages()
                .build();
    }

    @Override
    public Processor create(Map<String, String> settings) {
        return new WordsProcessor(
                words(settings, "refused"),
                words(settings, "masked"),
                words(settings, "hidden"),
                moderator(String.valueOf(settings.get("moderator"))));
    }

    private static WordList words(Map<String, String> settings, String setting) {
        return WordList.parse(String.valueOf(settings.get(setting)));
    }

    private static @Nullable Jid moderator(String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            Jid jid = Jid.parse(text);
            if (jid.isBare() && jid.hasLocal()) {
                return jid;
            }
        } catch (JidSyntaxException _) {
            // told below
        }
        throw new WrongSetting("moderator", "must be the address of an account, not '" + text + "'");
    }
}
