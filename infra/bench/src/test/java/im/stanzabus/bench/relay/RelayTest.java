package im.stanzabus.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bench.load.LoadCommand;
import im.stanzabus.stream.testing.TestCertificates;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/// The bench finds nothing amiss with the relay, which must do whatever the bench notices.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RelayTest {
    private final Vertx vertx = Vertx.vertx();
    private final StringWriter out = new StringWriter();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private int chat(Relay relay, String... more) {
        vertx.deployVerticle(relay).await();
        List<String> arguments = List.of(
                "chat",
                "--auth",
                "plain",
                "--users",
                "6",
                "--under-way",
                "5",
                "--rates",
                "0,50",
                "--windows",
                "1",
                "--host",
                "127.0.0.1",
                "--port",
                String.valueOf(relay.port()),
                "--domain",
                "floor.example",
                "--warm-up",
                "0.2",
                "--seconds",
                "0.5",
                "--settle",
                "0.1");
        CommandLine command = LoadCommand.command();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(out));
        return command.execute(
                Stream.concat(arguments.stream(), Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void passesMessagesOn() {
        assertThat(chat(new Relay(0, null))).as("%s", out).isZero();
    }

    @Test
    void passesMessagesOnWithTls() throws IOException {
        TestCertificates made = TestCertificates.server("EC", 256, "SHA256withECDSA");
        ServerSSLOptions tls = new ServerSSLOptions()
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(made.pem()))
                        .addKeyValue(Buffer.buffer(made.keyPem())));
        assertThat(chat(new Relay(0, tls), "--tls")).as("%s", out).isZero();
        assertThat(out.toString()).contains("TLSv1.3");
    }
}
