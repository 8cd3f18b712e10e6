package im.stanzabus.launcher;

import im.stanzabus.cluster.hazelcast.CannotJoin;
import im.stanzabus.cluster.lease.DatabaseInUse;
import im.stanzabus.launcher.config.ConfigException;
import im.stanzabus.launcher.config.ConfigKey;
import im.stanzabus.storage.DatabaseUnavailable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the words for a failed start.
final class StartFailure {
    private static final Logger LOG = LoggerFactory.getLogger(StartFailure.class);

    /// A service failed to start; knows which one.
    private static final class ServiceFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String service;

        ServiceFailure(String service, Throwable cause) {
            super(service, cause);
            this.service = service;
        }
    }

    private StartFailure() {}

    /// Keeps the service's name with its failure.
    static RuntimeException ofService(String service, RuntimeException failure) {
        return new ServiceFailure(service, failure);
    }

    /// One line for the user for what they can change; what is our own fault goes to the log with its trace.
    static RuntimeException explain(Throwable failure, List<ConfigKey> keys) {
        String service = failure instanceof ServiceFailure of ? of.service : null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StartupException || cause instanceof ConfigException) {
                return (RuntimeException) cause;
            }
            if (cause instanceof DatabaseUnavailable || cause instanceof DatabaseInUse || cause instanceof CannotJoin) {
                return new StartupException(String.valueOf(cause.getMessage()));
            }
            if (cause instanceof LinkageError && service != null) {
                return new StartupException(service + " did not start: its jar does not fit this version, or a library"
                        + " that it needs is not on the class path (" + cause + ")");
            }
            if (isBindFailure(cause)) {
                return new StartupException(portInUse(service == null ? "http" : service, keys, cause));
            }
        }
        String what = service == null ? "the server" : service;
        Throwable cause = service == null || failure.getCause() == null ? failure : failure.getCause();
        LOG.error("{} did not start", what, cause);
        return new StartupException(what + " did not start: " + cause);
    }

    /// The native transport has an exception of its own.
    private static boolean isBindFailure(Throwable failure) {
        return failure instanceof BindException
                || (failure instanceof IOException
                        && String.valueOf(failure.getMessage()).startsWith("bind("));
    }

    private static String portInUse(String section, List<ConfigKey> keys, Throwable cause) {
        ConfigKey key = takenPort(section, keys);
        if (key == null) {
            return section + " cannot listen, see " + section + ".host: " + cause.getMessage();
        }
        String reason = String.valueOf(cause.getMessage()).contains("ermission denied")
                ? " is not allowed for this user"
                : " is in use by another program";
        return "port " + key.valueText() + reason + "; set " + key.path() + " to another port";
    }

    /// The port key of the section whose port cannot be had.
    private static @Nullable ConfigKey takenPort(String section, List<ConfigKey> keys) {
        String host = keys.stream()
                .filter(key -> key.path().equals(section + ".host"))
                .map(ConfigKey::valueText)
                .findFirst()
                .orElse("");
        for (ConfigKey key : keys) {
            if (key.path().startsWith(section + '.')
                    && key.isPort()
                    && !key.valueText().equals("0")
                    && !canListen(host, Integer.parseInt(key.valueText()))) {
                return key;
            }
        }
        return null;
    }

    private static boolean canListen(String host, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            InetAddress address = host.isEmpty() ? null : InetAddress.getByName(host);
            socket.bind(new InetSocketAddress(address, port));
            return true;
        } catch (IOException e) {
            LOG.debug("port {}", port, e);
            return false;
        }
    }
}
