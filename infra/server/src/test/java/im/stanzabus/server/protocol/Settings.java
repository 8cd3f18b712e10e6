package im.stanzabus.server.protocol;

import im.stanzabus.testkit.FolderSetup;
import im.stanzabus.testkit.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;

/// Configurations that more than one test class uses, so that they share a server.
final class Settings {
    /// A server with most of what can be switched on, and small limits.
    static final String CONFIGURED = """
            hosts:
              - {domain: localhost, registration: true}
              - {domain: anonymous.example, anonymous: true}
              - {domain: external.example, external: true}
            c2s-gateway:
              host: 127.0.0.1
              port: 0
              direct-tls: {port: 0}
              certificates: certificates
              certificate-check: 200 ms
              client-authorities: authorities.pem
              limits: {login-attempts: 3, connections-per-address: 1000}
            auth-service:
              registration: {per-address: 1000}
            session-service:
              max-resources: 3
              resource-conflict: refuse
              contacts:
                abuse: ["mailto:abuse@localhost", "xmpp:abuse@localhost"]
                admin: ["xmpp:admin@localhost"]
            offline-service: {quota: 5}
            """;

    /// The authority that the server takes client certificates from.
    static final TestCertificates AUTHORITY = new TestCertificates("Verona");

    private Settings() {}

    /// The files that {@link #CONFIGURED} names.
    static final class Files implements FolderSetup {
        @Override
        public void prepare(Path folder) throws IOException {
            java.nio.file.Files.writeString(folder.resolve("authorities.pem"), AUTHORITY.authorityPem());
            AUTHORITY.forDomain("localhost").write(folder.resolve("certificates"), "localhost");
        }
    }
}
