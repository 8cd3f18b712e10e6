package im.stanzabus.bench.relay;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Runs the relay until it is stopped.
@Command(
        name = "relay",
        mixinStandardHelpOptions = true,
        description = {
            "A server that passes messages on and does nothing else: no parser, no check, no queue, no log.",
            "Anybody may log in by PLAIN. It listens on the loopback interface only."
        })
final class RelayCommand implements Callable<Integer> {
    @Option(names = "--port", required = true, description = "Where it listens.")
    private int port;

    @Option(names = "--certificate", description = "A PEM file; with it the relay offers STARTTLS.")
    private @Nullable Path certificate;

    @Option(names = "--key", description = "The PEM file of the certificate's key.")
    private @Nullable Path key;

    public static void main(String... arguments) {
        System.exit(new CommandLine(new RelayCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        vertx.deployVerticle(new Relay(port, tls())).await();
        System.err.println("The relay listens on 127.0.0.1:" + port);
        Thread.currentThread().join();
        return 0;
    }

    private @Nullable ServerSSLOptions tls() {
        if (certificate == null || key == null) {
            return null;
        }
        return new ServerSSLOptions()
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertPath(certificate.toString())
                        .addKeyPath(key.toString()));
    }
}
