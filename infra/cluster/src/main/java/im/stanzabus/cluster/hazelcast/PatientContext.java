package im.stanzabus.cluster.hazelcast;

import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeExtension;
import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.networking.ChannelInitializer;
import com.hazelcast.internal.networking.ChannelOption;
import com.hazelcast.internal.networking.ChannelOptions;
import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.server.ServerContext;
import com.hazelcast.internal.server.tcp.UnifiedProtocolDecoder;
import com.hazelcast.internal.server.tcp.UnifiedProtocolEncoder;
import com.hazelcast.spi.properties.ClusterProperty;
import com.hazelcast.spi.properties.HazelcastProperties;
import java.util.function.Function;

/// Makes Hazelcast's connections wait. When a frozen process takes a connection, its kernel does, and nobody
/// answers. As long as something waits to be sent there, Hazelcast's own handler asks to be called again and
/// again (its issue 26473): a thread that also carries heartbeats to the living runs in circles, and they are
/// taken for dead too. This one says that it is blocked, and is woken when the other side has answered.
final class PatientContext extends DefaultNodeContext {
    private static final int KIBIBYTE = 1024;

    @Override
    public NodeExtension createNodeExtension(Node node) {
        return new Extension(node);
    }

    private static final class Extension extends DefaultNodeExtension {
        Extension(Node node) {
            super(node);
        }

        @Override
        public Function<EndpointQualifier, ChannelInitializer> createChannelInitializerFn(ServerContext context) {
            return _ -> channel -> prepare(channel, context);
        }
    }

    /// As Hazelcast does it for a port that takes every protocol, but for the pace of TCP's own keep-alive: there are
    /// heartbeats.
    private static void prepare(Channel channel, ServerContext context) {
        HazelcastProperties properties = context.properties();
        ChannelOptions options = channel.options();
        options.setOption(ChannelOption.DIRECT_BUF, properties.getBoolean(ClusterProperty.SOCKET_BUFFER_DIRECT))
                .setOption(ChannelOption.TCP_NODELAY, properties.getBoolean(ClusterProperty.SOCKET_NO_DELAY))
                .setOption(ChannelOption.SO_KEEPALIVE, properties.getBoolean(ClusterProperty.SOCKET_KEEP_ALIVE))
                .setOption(
                        ChannelOption.SO_SNDBUF,
                        properties.getInteger(ClusterProperty.SOCKET_SEND_BUFFER_SIZE) * KIBIBYTE)
                .setOption(
                        ChannelOption.SO_RCVBUF,
                        properties.getInteger(ClusterProperty.SOCKET_RECEIVE_BUFFER_SIZE) * KIBIBYTE)
                .setOption(ChannelOption.SO_LINGER, properties.getSeconds(ClusterProperty.SOCKET_LINGER_SECONDS));
        PatientEncoder encoder = new PatientEncoder(context);
        channel.outboundPipeline().addLast(encoder);
        channel.inboundPipeline().addLast(new UnifiedProtocolDecoder(context, encoder));
    }

    private static final class PatientEncoder extends UnifiedProtocolEncoder {
        private volatile boolean answered;

        PatientEncoder(ServerContext context) {
            super(context);
        }

        /// Wakes the thread that writes.
        @Override
        public void signalEncoderCanReplace() {
            answered = true;
            super.signalEncoderCanReplace();
        }

        /// Once the other side has answered, this handler gives way to the one for members.
        @Override
        public HandlerStatus onWrite() {
            boolean waiting = !answered;
            HandlerStatus status = super.onWrite();
            return waiting && status == HandlerStatus.CLEAN ? HandlerStatus.BLOCKED : status;
        }
    }
}
