package im.stanzabus.stream.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateFolderTest {
    private static final HostFiles OTHER = new HostFiles("other", Path.of("a"), Path.of("b"));

    @TempDir
    Path folder;

    private HostFiles of(String domain) {
        return new CertificateFolder(folder, _ -> OTHER).files(List.of(domain)).getFirst();
    }

    private HostFiles pair(String domain, String chain, String key) throws Exception {
        return new HostFiles(domain, file(chain), file(key));
    }

    private Path file(String name) throws Exception {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "");
    }

    @Test
    void theNamesOfTheUsualTools() throws Exception {
        assertThat(of("montague.example")).isEqualTo(OTHER);
        HostFiles all = pair("montague.example", "fullchain.pem", "privkey.pem");
        assertThat(of("montague.example")).isEqualTo(all);
        HostFiles own = pair("montague.example", "montague.example/fullchain.pem", "montague.example/privkey.pem");
        assertThat(of("montague.example")).isEqualTo(own);
        HostFiles named = pair("montague.example", "montague.example.crt", "montague.example.key");
        assertThat(of("montague.example")).isEqualTo(named);
        assertThat(of("capulet.example").chain()).isEqualTo(all.chain());
    }

    @Test
    void halfAPairIsNotPassedOver() throws Exception {
        Path key = file("montague.example.key");
        assertThat(of("montague.example").key()).isEqualTo(key);
        pair("montague.example", "fullchain.pem", "privkey.pem");
        assertThat(of("montague.example").chain()).exists();
    }

    @Test
    void withoutAFolderThereAreOthersOnly() {
        assertThat(new CertificateFolder(Path.of(""), _ -> OTHER).files(List.of("a", "b")))
                .containsExactly(OTHER, OTHER);
    }

    /// By IDNA 2008, where the sharp s is a letter of its own.
    @Test
    void internationalNamesAreWrittenInAscii() throws Exception {
        HostFiles named = pair("fu\u00dfball.example", "xn--fuball-cta.example.crt", "xn--fuball-cta.example.key");
        assertThat(of("fu\u00dfball.example")).isEqualTo(named);
    }
}
