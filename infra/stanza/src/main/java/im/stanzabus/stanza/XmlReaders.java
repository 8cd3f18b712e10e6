package im.stanzabus.stanza;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.codehaus.stax2.XMLInputFactory2;
import org.codehaus.stax2.io.Stax2ByteArraySource;

/// Makes readers for whole documents in memory.
///
/// A factory of Aalto remembers every name its readers have met, forever, and copies what it remembers for
/// each new one. Whoever sends new names all the time would fill the memory and slow every reader down. So a
/// factory serves only for some number of bytes: enough that learning the common names again costs nothing to
/// speak of, and too few for an attack. There are several side by side, so that threads do not wait for each
/// other at a factory's lock.
///
/// Safe from any thread.
public final class XmlReaders {
    private static final int FACTORIES = 16;
    private static final int BYTES = 64 * 1024;
    private static final AtomicReferenceArray<Generation> CURRENT = factories();

    private XmlReaders() {}

    /// A factory and how many bytes it may still serve for. Threads that share it may miscount a little.
    private static final class Generation {
        private final InputFactoryImpl factory = new InputFactoryImpl();
        private int left = BYTES;

        Generation() {
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_COALESCING, false);
            factory.setProperty(XMLInputFactory2.P_LAZY_PARSING, true);
        }
    }

    private static AtomicReferenceArray<Generation> factories() {
        AtomicReferenceArray<Generation> all = new AtomicReferenceArray<>(FACTORIES);
        for (int i = 0; i < FACTORIES; i++) {
            all.set(i, new Generation());
        }
        return all;
    }

    /// A reader before the start of a document: no DTD, text in pieces. It is to be closed.
    public static XMLStreamReader open(byte[] bytes, int from, int to) throws XMLStreamException {
        int place = (int) Thread.currentThread().threadId() & (FACTORIES - 1);
        Generation generation = CURRENT.getAcquire(place);
        if (generation.left < 0) {
            generation = new Generation();
            CURRENT.setRelease(place, generation);
        }
        generation.left -= to - from;
        return generation.factory.createXMLStreamReader(new Stax2ByteArraySource(bytes, from, to - from));
    }
}
