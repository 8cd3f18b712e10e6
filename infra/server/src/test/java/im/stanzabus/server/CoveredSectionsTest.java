package im.stanzabus.server;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.CoveredSections;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Keeps `docs/covered-sections.md` as the tests are. With `-Dstanzabus.update-docs=true` it writes the page instead.
class CoveredSectionsTest {
    private static final Path PAGE = Path.of("../../docs/covered-sections.md");

    @Test
    void thePageListsTheSectionsThatTestsProve() throws Exception {
        String generated = CoveredSections.in(classFiles(), CoveredSectionsTest.class.getClassLoader())
                .toMarkdown();
        if (Boolean.getBoolean("stanzabus.update-docs")) {
            Files.writeString(PAGE, generated);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/covered-sections.md; to update it: mvn test -pl infra/server -Dtest=CoveredSectionsTest"
                        + " -Dstanzabus.update-docs=true")
                .isEqualTo(generated);
    }

    private static Path classFiles() throws URISyntaxException {
        return Path.of(CoveredSectionsTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }
}
