package im.stanzabus.s2s.dns;

import io.netty.channel.AddressedEnvelope;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.resolver.dns.DnsServerAddressStream;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.spi.transport.Transport;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Asks name servers over UDP, and over TCP where an answer does not fit. They are expected to do the whole
/// look-up (recursion), as those of an operating system do.
///
/// Each question goes out from a port of its own, chosen by chance: without DNSSEC the number of the question
/// and that port are all that somebody who forges answers has to guess, and dialback believes DNS (XEP-0220
/// section 5).
final class NettyDnsClient implements DnsClient, AutoCloseable {
    /// What fits into a datagram everywhere without being broken up.
    private static final int DATAGRAM_BYTES = 1_232;

    /// Each has a socket.
    private static final int MAX_UNDER_WAY = 128;

    private static final int MAX_WAITING = 4_096;

    /// As many as an operating system takes from its own configuration.
    private static final int MAX_SERVERS = 3;

    /// A question and how far it has come.
    private static final class Asked {
        private final String name;
        private final RecordType type;
        private final Promise<Answer> answer = Promise.promise();
        private List<InetSocketAddress> servers = List.of();
        private int tries;

        private Asked(String name, RecordType type) {
            this.name = name;
            this.type = type;
        }
    }

    private final ContextInternal context;
    private final DnsConfig config;
    private final DnsNameResolver resolver;
    private final @Nullable DnsServerAddressStreamProvider system;
    private final Deque<Asked> waiting = new ArrayDeque<>();
    private int underWay;

    NettyDnsClient(ContextInternal context, DnsConfig config) {
        this.context = context;
        this.config = config;
        system = config.servers().isEmpty() ? DnsServerAddressStreamProviders.platformDefault() : null;
        Transport transport = context.owner().transport();
        resolver = new DnsNameResolverBuilder(context.nettyEventLoop())
                .datagramChannelFactory(transport::datagramChannel)
                .socketChannelFactory(
                        () -> (SocketChannel) transport.channelFactory(false).newChannel())
                .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                .maxPayloadSize(DATAGRAM_BYTES)
                .queryTimeoutMillis(config.timeout().toMillis())
                .build();
    }

    @Override
    public io.vertx.core.Future<Answer> ask(String name, RecordType type) {
        Asked asked = new Asked(name, type);
        if (underWay < MAX_UNDER_WAY) {
            begin(asked);
        } else if (waiting.size() < MAX_WAITING) {
            waiting.add(asked);
        } else {
            asked.answer.fail(new DnsFailure("too many names are looked up"));
        }
        return asked.answer.future();
    }

    private void begin(Asked asked) {
        underWay++;
        asked.servers = servers(asked.name);
        ask(asked);
    }

    private List<InetSocketAddress> servers(String name) {
        if (system == null) {
            return config.servers();
        }
        DnsServerAddressStream stream = system.nameServerAddressStream(name);
        List<InetSocketAddress> servers = new ArrayList<>();
        while (servers.size() < Math.min(stream.size(), MAX_SERVERS)) {
            servers.add(stream.next());
        }
        return servers;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the listener is told how it ends
    private void ask(Asked asked) {
        InetSocketAddress server = asked.servers.get(asked.tries++ % asked.servers.size());
        FutureListener<AddressedEnvelope<DnsResponse, InetSocketAddress>> listener = done -> {
            try {
                Answer answer = answer(asked, done);
                context.emit(_ -> answered(asked, answer));
            } catch (DnsFailure e) {
                context.emit(_ -> failed(asked, NetUtil.toSocketAddressString(server) + ' ' + e.getMessage()));
            }
        };
        resolver.query(server, new DefaultDnsQuestion(asked.name + '.', asked.type.wire()))
                .addListener(listener);
    }

    private Answer answer(Asked asked, Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> done)
            throws DnsFailure {
        if (!done.isSuccess()) {
            throw new DnsFailure(
                    done.cause() instanceof DnsNameResolverTimeoutException
                            ? "does not answer"
                            : "cannot be asked: " + done.cause().getMessage());
        }
        AddressedEnvelope<DnsResponse, InetSocketAddress> envelope = done.getNow();
        try {
            return AnswerReader.read(envelope.content(), asked.name, asked.type);
        } finally {
            envelope.release();
        }
    }

    private void failed(Asked asked, String why) {
        if (asked.tries < asked.servers.size() * config.rounds()) {
            ask(asked);
        } else {
            next();
            asked.answer.fail(new DnsFailure(why));
        }
    }

    private void answered(Asked asked, Answer answer) {
        next();
        asked.answer.complete(answer);
    }

    private void next() {
        underWay--;
        Asked next = waiting.poll();
        if (next != null) {
            begin(next);
        }
    }

    /// What is under way ends as it would have ended.
    @Override
    public void close() {
        resolver.close();
    }
}
