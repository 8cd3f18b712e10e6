package im.stanzabus.bench.micro;

import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stanza.xml.StreamParser;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/// From bytes to a stanza, for each stanza.
@State(Scope.Thread)
public class ParserBench {
    private static final int MANY = 32;

    @Param
    Samples sample = Samples.CHAT;

    private final StreamParser parser = Samples.parser();
    private byte[] one = {};
    private byte[] many = {};
    private byte[] firstHalf = {};
    private byte[] secondHalf = {};

    @Setup
    public void prepare() {
        one = sample.bytes();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < MANY; i++) {
            all.writeBytes(one);
        }
        many = all.toByteArray();
        firstHalf = Arrays.copyOf(one, one.length / 2);
        secondHalf = Arrays.copyOfRange(one, one.length / 2, one.length);
    }

    /// A stanza that comes alone.
    @Benchmark
    public StreamEvent alone() {
        parser.feed(one);
        return Samples.next(parser);
    }

    /// One of many that come together.
    @Benchmark
    @OperationsPerInvocation(MANY)
    public void amongMany(Blackhole taken) throws StreamErrorException {
        parser.feed(many);
        for (StreamEvent event = parser.next(); event != null; event = parser.next()) {
            taken.consume(event);
        }
    }

    /// A stanza that comes in two pieces.
    @Benchmark
    public @Nullable StreamEvent inTwoPieces() throws StreamErrorException {
        parser.feed(firstHalf);
        if (parser.next() != null) {
            throw new IllegalStateException("half a stanza is none");
        }
        parser.feed(secondHalf);
        return parser.next();
    }
}
