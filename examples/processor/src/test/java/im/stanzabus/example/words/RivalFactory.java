package im.stanzabus.example.words;

import im.stanzabus.processor.IqTarget;
import im.stanzabus.processor.Processor;
import im.stanzabus.processor.ProcessorDescriptor;
import im.stanzabus.processor.ProcessorFactory;
import java.util.Map;

/// Makes a processor that answers what `words` answers.
public final class RivalFactory implements ProcessorFactory {
    @Override
    public ProcessorDescriptor descriptor() {
        return ProcessorDescriptor.named("rival")
                .answers(WordsProcessor.NAMESPACE, IqTarget.HOST)
                .build();
    }

    @Override
    public Processor create(Map<String, String> settings) {
        return new Processor() {};
    }
}
