package im.stanzabus.example.words;

import im.stanzabus.processor.IqTarget;
import im.stanzabus.processor.Processor;
import im.stanzabus.processor.ProcessorDescriptor;
import im.stanzabus.processor.ProcessorFactory;
import im.stanzabus.stanza.Namespaces;
import java.util.Map;

/// Makes a processor that answers what the server answers.
public final class PingFactory implements ProcessorFactory {
    @Override
    public ProcessorDescriptor descriptor() {
        return ProcessorDescriptor.named("ping")
                .answers(Namespaces.PING, IqTarget.HOST)
                .build();
    }

    @Override
    public Processor create(Map<String, String> settings) {
        return new Processor() {};
    }
}
