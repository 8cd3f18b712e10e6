package im.stanzabus.example.words;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Words in lower case, found wherever they stand alone.
///
/// @param words in the order in which the operator has written them
record WordList(List<String> words) {
    private static final Pattern WORD = Pattern.compile("\\p{L}+");

    /// @param text words between commas
    static WordList parse(String text) {
        return new WordList(Arrays.stream(text.split(",", -1))
                .map(word -> word.strip().toLowerCase(Locale.ROOT))
                .filter(word -> !word.isEmpty())
                .toList());
    }

    boolean isIn(String text) {
        return WORD.matcher(text).results().anyMatch(found -> has(found.group()));
    }

    /// The text with each of the words written as asterisks. Masking what is masked changes
    /// nothing.
    String mask(String text) {
        return WORD.matcher(text)
                .replaceAll(
                        found -> has(found.group()) ? "*".repeat(found.group().length()) : found.group());
    }

    private boolean has(String word) {
        return words.contains(word.toLowerCase(Locale.ROOT));
    }
}
