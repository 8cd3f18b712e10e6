package im.stanzabus.launcher.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Turns written values into typed ones, whatever they were written in, and notes what is wrong with them.
abstract class TypedSettings implements Settings {
    /// A value as it was written.
    ///
    /// @param variable the environment variable it came from, null for the file
    record Scalar(String text, int line, @Nullable String variable) {}

    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,10}");

    private final Reading reading;

    TypedSettings(Reading reading) {
        this.reading = reading;
    }

    /// The written value of a key; null if it is absent or, which is then noted, no single value.
    abstract @Nullable Scalar scalar(String key, String wanted);

    /// The written values of a list; null if it is absent or, which is then noted, no list of values.
    abstract @Nullable List<String> words(String key, String wanted);

    abstract String pathOf(String key);

    @Override
    public String text(String key, String defaultValue) {
        return read(key, defaultValue, "a text", text -> text, text -> text);
    }

    @Override
    public int number(String key, int defaultValue, int min, int max) {
        return read(
                key,
                defaultValue,
                "a whole number from " + min + " to " + max,
                text -> WHOLE_NUMBER.matcher(text).matches() ? bounded(Long.parseLong(text), min, max) : null,
                value -> Integer.toString(value));
    }

    @Override
    public boolean flag(String key, boolean defaultValue) {
        return read(
                key,
                defaultValue,
                "true or false",
                text -> text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null,
                value -> Boolean.toString(value));
    }

    @Override
    public Duration duration(String key, Duration defaultValue) {
        return read(key, defaultValue, "a time such as 200 ms, 30 s, 5 min, 2 h or 14 d", Units::time, Units::write);
    }

    @Override
    public int bytes(String key, int defaultValue, int min, int max) {
        return read(
                key,
                defaultValue,
                "a size such as 10000 or 256 KiB, from " + Units.write((long) min) + " to " + Units.write((long) max),
                text -> {
                    Long size = Units.size(text);
                    return size == null ? null : bounded(size, min, max);
                },
                value -> Units.write((long) value));
    }

    @Override
    public <E extends Enum<E>> E choice(String key, E defaultValue) {
        E[] constants = defaultValue.getDeclaringClass().getEnumConstants();
        String words = Arrays.stream(constants).map(TypedSettings::word).collect(Collectors.joining(", "));
        return read(
                key,
                defaultValue,
                "one of " + words,
                text -> Arrays.stream(constants)
                        .filter(constant -> word(constant).equals(text))
                        .findFirst()
                        .orElse(null),
                TypedSettings::word);
    }

    @Override
    public List<String> list(String key, List<String> defaultValue) {
        List<String> words = words(key, "a list of texts");
        List<String> value = words == null ? defaultValue : words;
        reading.key(pathOf(key), "a list of texts", defaultValue.toString(), value.toString());
        return value;
    }

    @Override
    public Path path(String key, Path defaultValue) {
        Path written = read(key, defaultValue, "a file or folder", TypedSettings::path, Path::toString);
        return written.toString().isEmpty() ? written : reading.folder().resolve(written);
    }

    @Override
    public String secret(String key, String defaultValue) {
        Scalar value = scalar(key, "a text");
        Scalar file = scalar(key + "-file", "a file");
        reading.key(pathOf(key), "a secret", "", "");
        reading.key(pathOf(key + "-file"), "a file whose first line is the secret", "", "");
        if (value != null && file != null) {
            error(key + "-file", "is given together with " + pathOf(key) + "; only one of them can be");
        }
        if (value != null) {
            return value.text();
        }
        return file == null ? defaultValue : firstLine(key, file, defaultValue);
    }

    private String firstLine(String key, Scalar file, String defaultValue) {
        Path path = path(file.text());
        if (path == null) {
            note(key + "-file", file, "must be a file");
            return defaultValue;
        }
        Path resolved = reading.folder().resolve(path);
        try {
            String line = Files.readString(resolved).lines().findFirst().orElse("");
            if (line.isEmpty()) {
                note(key + "-file", file, "has no secret in its first line: " + resolved);
            }
            return line;
        } catch (IOException e) {
            String reason = Files.exists(resolved) ? "cannot be read" : "does not exist";
            note(key + "-file", file, reason + ": " + resolved);
            return defaultValue;
        }
    }

    private <T> T read(
            String key, T defaultValue, String wanted, Function<String, @Nullable T> parse, Function<T, String> write) {
        Scalar scalar = scalar(key, wanted);
        T value = defaultValue;
        if (scalar != null) {
            T parsed = parse.apply(scalar.text());
            if (parsed == null) {
                note(key, scalar, "must be " + wanted + ", not '" + scalar.text() + "'");
            } else {
                value = parsed;
            }
        }
        reading.key(pathOf(key), wanted, write.apply(defaultValue), write.apply(value));
        return value;
    }

    private void note(String key, Scalar scalar, String message) {
        if (scalar.variable() == null) {
            reading.error(scalar.line(), pathOf(key), message);
        } else {
            reading.errorInVariable(scalar.variable(), pathOf(key), message);
        }
    }

    private static @Nullable Integer bounded(long value, int min, int max) {
        return value < min || value > max ? null : (int) value;
    }

    private static @Nullable Path path(String text) {
        try {
            return text.isEmpty() ? null : Path.of(text);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
