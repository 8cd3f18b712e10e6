package im.stanzabus.processor;

import java.util.Map;

/// Makes a processor. Implementations have a public constructor without parameters, are named in
/// `META-INF/services/im.stanzabus.processor.ProcessorFactory` of their jar, and are found on the
/// class path.
///
/// A factory on the class path does nothing by itself: its processor is made when
/// `session-service.processors` in the configuration has its name. Constructor and descriptor are
/// called to learn that name, on the thread that starts the server, and must do nothing else.
public interface ProcessorFactory {
    /// Who the processor is and which stanzas it is for. The same at every call.
    ProcessorDescriptor descriptor();

    /// Makes the processor of this process. May be called more than once, also where a
    /// configuration is only checked: what it makes must hold nothing that needs closing, such as
    /// threads.
    ///
    /// @param settings a value for each setting that the descriptor names, and no other
    /// @throws WrongSetting if a value makes no sense; the operator is told file, line and key
    Processor create(Map<String, String> settings);
}
