package im.stanzabus.example.words;

import im.stanzabus.processor.Passage;
import im.stanzabus.processor.Processor;
import im.stanzabus.processor.ProcessorDescriptor;
import im.stanzabus.processor.ProcessorFactory;
import im.stanzabus.processor.Selector;
import im.stanzabus.processor.Verdict;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import java.util.Map;

/// The processor that `docs/extending.md` shows.
public final class Shouting implements Processor {
    @Override
    public Verdict before(Passage passage) {
        Element body = passage.stanza().payload().child("body", Namespaces.CLIENT);
        return body != null && body.text().endsWith("!!!")
                ? Verdict.refuse(Condition.NOT_ACCEPTABLE, "Please do not shout.")
                : Verdict.pass();
    }

    /// Makes it.
    public static final class Factory implements ProcessorFactory {
        @Override
        public ProcessorDescriptor descriptor() {
            return ProcessorDescriptor.named("no-shouting")
                    .before(Selector.child(Stanza.Kind.MESSAGE, "body", Namespaces.CLIENT))
                    .build();
        }

        @Override
        public Processor create(Map<String, String> settings) {
            return new Shouting();
        }
    }
}
