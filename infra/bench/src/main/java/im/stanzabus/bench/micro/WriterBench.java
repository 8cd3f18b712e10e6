package im.stanzabus.bench.micro;

import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.xml.StanzaWriter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// From a stanza to the bytes of a socket's write, for each stanza.
@State(Scope.Thread)
public class WriterBench {
    private static final int MANY = 32;

    @Param
    Samples sample = Samples.CHAT;

    private final StanzaWriter writer = new StanzaWriter();
    private Stanza stanza = Samples.CHAT.stanza();

    @Setup
    public void prepare() {
        stanza = sample.stanza().withFrom(Jid.of("romeo@localhost/orchard")).withTo(Jid.of("juliet@localhost/balcony"));
    }

    /// A write that holds one stanza.
    @Benchmark
    public byte[] alone() {
        writer.reset();
        return writer.stanza(stanza).toBytes();
    }

    /// One that holds many.
    @Benchmark
    @OperationsPerInvocation(MANY)
    public byte[] amongMany() {
        writer.reset();
        for (int i = 0; i < MANY; i++) {
            writer.stanza(stanza);
        }
        return writer.toBytes();
    }
}
