package im.stanzabus.stanza.xml;

import static java.nio.charset.StandardCharsets.UTF_8;

import im.stanzabus.bench.micro.Samples;
import im.stanzabus.stanza.StreamErrorException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Finding where a stanza ends, which is the parser's first step.
@State(Scope.Thread)
public class FramerBench {
    private static final byte[] HEADER = "<stream:stream>".getBytes(UTF_8);

    @Param
    Samples sample = Samples.CHAT;

    private final StreamFramer framer = new StreamFramer(StreamLimits.DEFAULT);
    private byte[] bytes = {};

    @Setup
    public void prepare() throws StreamErrorException {
        bytes = sample.bytes();
        framer.restart();
        framer.scan(HEADER, 0, HEADER.length);
    }

    @Benchmark
    public int scan() throws StreamErrorException {
        framer.scan(bytes, 0, bytes.length);
        return framer.end();
    }
}
