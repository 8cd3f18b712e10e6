package im.stanzabus.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;
import org.slf4j.LoggerFactory;

/// Sets up logging without a file to read, which would cost time at every start. Logback finds this class
/// itself and begins with warnings on standard error, as commands need it; the server turns to its
/// configuration later.
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class Logging extends ContextAwareBase implements Configurator {
    /// What is said about one thing stays in one line, whoever sent the words.
    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} - %replace(%msg){'[\\r\\n\\x00-\\x08\\x0b-\\x1f\\x7f]', ' '}%n%ex";

    /// Libraries that say more than their users need.
    private static final List<String> CHATTY = List.of(
            "io.netty", "io.vertx", "org.flywaydb", "io.zonky", "org.postgresql", "io.micrometer", "com.hazelcast");

    /// Parts of them whose warnings tell an operator nothing: of what is meant to be so, of each step of
    /// the loss of a member, of which {@link MemberLog} has a line, of a join that fails, of which
    /// the command has one, and, with a trace, of an answer of a name server that cannot be read, of which
    /// the look-up has one. Errors are still written.
    private static final List<String> NEEDLESS = List.of(
            "com.hazelcast.cluster",
            "com.hazelcast.cp.CPSubsystem",
            "com.hazelcast.instance.impl.HazelcastInstanceFactory",
            "com.hazelcast.instance.impl.Node",
            "com.hazelcast.internal.cluster.ClusterService",
            "com.hazelcast.internal.cluster.impl.ClusterHeartbeatManager",
            "com.hazelcast.internal.cluster.impl.MembershipManager",
            "com.hazelcast.internal.cluster.impl.TcpIpJoiner",
            "com.hazelcast.internal.cluster.impl.operations.MergeClustersOp",
            "com.hazelcast.internal.partition",
            "com.hazelcast.internal.server.tcp.TcpServerConnection",
            "com.hazelcast.internal.server.tcp.TcpServerConnectionErrorHandler",
            "com.hazelcast.spi.impl.operationservice",
            "io.netty.resolver.dns");

    /// Parts of them whose errors do not, either: that a process at the other end of a connection has died,
    /// without saying which one; that two halves of a split that find together did not agree at first.
    private static final List<String> SILENT = List.of(
            "io.vertx.core.net.impl.ConnectionBase",
            "com.hazelcast.internal.cluster.impl.operations.FetchMembersViewOp");

    /// What is the only word about a member whose bus cannot be reached, with a trace for each message to
    /// it.
    private static final List<String> WORDY = List.of(
            "io.vertx.core.eventbus.impl.clustered.ClusteredEventBus",
            "io.vertx.core.eventbus.impl.clustered.OutboundConnection");

    private static final String OWN = "im.stanzabus";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        setUp(context, encoder(context, LogConfig.Format.TEXT), "System.err", Level.WARN);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /// Logs to standard output from now on, as configured.
    static void apply(LogConfig config) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        setUp(
                context,
                encoder(context, config.format()),
                "System.out",
                Level.toLevel(config.level().name()));
    }

    static void setUp(LoggerContext context, Encoder<ILoggingEvent> encoder, String target, Level level) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setName("console");
        console.setTarget(target);
        console.setEncoder(encoder);
        console.start();
        ch.qos.logback.classic.Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(console);
        Level others = level.isGreaterOrEqual(Level.WARN) ? level : Level.INFO;
        root.setLevel(others);
        for (String library : CHATTY) {
            context.getLogger(library).setLevel(others.isGreaterOrEqual(Level.WARN) ? others : Level.WARN);
        }
        if (level.isGreaterOrEqual(Level.INFO)) {
            quieten(context, console);
        }
        context.getLogger(OWN).setLevel(level);
    }

    private static void quieten(LoggerContext context, Appender<ILoggingEvent> console) {
        NEEDLESS.forEach(part -> context.getLogger(part).setLevel(Level.ERROR));
        SILENT.forEach(part -> context.getLogger(part).setLevel(Level.OFF));
        BriefAppender brief = new BriefAppender(context, console);
        brief.start();
        for (String part : WORDY) {
            context.getLogger(part).setAdditive(false);
            context.getLogger(part).addAppender(brief);
        }
    }

    static Encoder<ILoggingEvent> encoder(LoggerContext context, LogConfig.Format format) {
        if (format == LogConfig.Format.JSON) {
            JsonEncoder json = new JsonEncoder();
            json.setWithSequenceNumber(false);
            json.setWithNanoseconds(false);
            json.setWithContext(false);
            json.setWithMDC(false);
            json.setWithMarkers(false);
            json.setWithArguments(false);
            json.setWithMessage(false);
            json.setWithFormattedMessage(true);
            json.setContext(context);
            json.start();
            return json;
        }
        PatternLayoutEncoder text = new PatternLayoutEncoder();
        text.setContext(context);
        text.setPattern(PATTERN);
        text.start();
        return text;
    }
}
