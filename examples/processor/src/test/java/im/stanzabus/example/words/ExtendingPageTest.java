package im.stanzabus.example.words;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.processor.AccountView;
import im.stanzabus.processor.Passage;
import im.stanzabus.processor.Processor;
import im.stanzabus.processor.Verdict;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What `docs/extending.md` shows of a processor compiles and does what it says.
class ExtendingPageTest {
    private static final Path SOURCE = Path.of("src/test/java/im/stanzabus/example/words/Shouting.java");
    private static final Jid ROMEO = Jid.of("romeo@example.org/orchard");

    private static String squeezed(String code) {
        return code.replaceAll("\\s", "");
    }

    @Test
    void theCodeOfThePageIsTheClass() throws IOException {
        String page = Files.readString(Path.of("../../docs/extending.md"));
        List<String> blocks = Pattern.compile("(?ms)^```java\n(.*?)^```$")
                .matcher(page.substring(page.indexOf("\n## A processor in session-service\n")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
        String code;
        try (Stream<String> lines = Files.lines(SOURCE)) {
            code = lines.dropWhile(line -> !line.startsWith("public final class"))
                    .filter(line -> !line.strip().startsWith("///"))
                    .collect(Collectors.joining());
        }

        assertThat(squeezed(String.join("", blocks))).isEqualTo(squeezed(code));
    }

    @Test
    void whoShoutsIsRefused() {
        Processor shouting = new Shouting.Factory().create(Map.of());

        assertThat(shouting.before(said("Hello!"))).isEqualTo(Verdict.pass());
        assertThat(shouting.before(said("Hello!!!")))
                .isInstanceOfSatisfying(
                        Verdict.Refuse.class,
                        refusal -> assertThat(refusal.error().condition()).isEqualTo(Condition.NOT_ACCEPTABLE));
        assertThat(new Shouting.Factory().descriptor().before())
                .anyMatch(selector -> selector.matches(said("Hello").stanza()));
    }

    private static Passage said(String text) {
        Element body = Element.text("body", Namespaces.CLIENT, text);
        Stanza message = Stanza.message(StanzaType.CHAT, ROMEO, Jid.of("juliet@example.org"), body);
        return new Passage(message, new AccountView(ROMEO.bare(), false, List.of(ROMEO)), ROMEO, false);
    }
}
