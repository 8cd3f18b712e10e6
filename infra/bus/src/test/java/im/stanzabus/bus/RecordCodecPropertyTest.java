package im.stanzabus.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Payload;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/// Every record that travels on the bus, with any values.
class RecordCodecPropertyTest {
    private static final List<Class<?>> MESSAGES = messages();

    private final RecordCodec codec = new RecordCodec();

    @Example
    void theMessagesOfThisModuleAreFound() {
        assertThat(MESSAGES)
                .hasSizeGreaterThan(50)
                .contains(SessionEvent.Batch.class, ConnectionEvent.Deliver.class, SlotClaim.class, Member.class);
    }

    @Property(tries = 2_000)
    void whatIsWrittenIsRead(@ForAll("kinds") Class<?> type, @ForAll long seed) {
        BusMessage message = (BusMessage) record(type, new Random(seed));
        assertThat(codec.decodeFromWire(0, written(message)))
                .usingRecursiveComparison()
                .withEqualsForType(Payload::equals, Payload.class)
                .isEqualTo(message);
    }

    @Property(tries = 500)
    void aBrokenMessageIsRefused(@ForAll("kinds") Class<?> type, @ForAll long seed) {
        Random random = new Random(seed);
        Buffer whole = written((BusMessage) record(type, random));
        Buffer cut = whole.getBuffer(0, 1 + random.nextInt(whole.length() - 1));
        assertThatThrownBy(() -> codec.decodeFromWire(0, cut)).isInstanceOf(RuntimeException.class);
    }

    /// Whatever the bytes are, they are a message or an exception, never endless work or memory.
    @Property(tries = 500)
    void garbageIsAMessageOrAnException(@ForAll byte[] garbage) {
        Buffer buffer = Buffer.buffer(new byte[] {RecordCodec.VERSION}).appendBytes(garbage);
        try {
            assertThat(codec.decodeFromWire(0, buffer)).isNotNull();
        } catch (RuntimeException e) {
            assertThat(e).isNotInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Provide
    Arbitrary<Class<?>> kinds() {
        return Arbitraries.of(MESSAGES);
    }

    private Buffer written(BusMessage message) {
        Buffer buffer = Buffer.buffer();
        codec.encodeToWire(buffer, message);
        return buffer;
    }

    private static List<Class<?>> messages() {
        try {
            Path classes = Path.of(RecordCodec.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (Stream<Path> files = Files.walk(classes.resolve("im/stanzabus/bus"))) {
                return files.map(file -> classes.relativize(file).toString())
                        .filter(name -> name.endsWith(".class") && !name.endsWith("package-info.class"))
                        .<Class<?>>map(name -> load(name.substring(0, name.length() - ".class".length())))
                        .filter(type -> type.isRecord() && BusMessage.class.isAssignableFrom(type))
                        .toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name.replace('/', '.').replace('\\', '.'));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object record(Class<?> type, Random random) {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(components[i].getAnnotatedType(), components[i].getGenericType(), random);
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName(), e);
        }
    }

    private static @Nullable Object value(AnnotatedType annotated, Type type, Random random) {
        boolean nullable = annotated.isAnnotationPresent(Nullable.class);
        return nullable && random.nextBoolean() ? null : value(type, random);
    }

    private static Object value(Type type, Random random) {
        if (type instanceof ParameterizedType generic) {
            return collection(generic, random);
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isEnum()) {
            return plain.getEnumConstants()[random.nextInt(plain.getEnumConstants().length)];
        }
        if (plain.isSealed()) {
            Class<?>[] kinds = plain.getPermittedSubclasses();
            return value(kinds[random.nextInt(kinds.length)], random);
        }
        return plain.isRecord() ? record(plain, random) : simple(plain, random);
    }

    private static Object simple(Class<?> type, Random random) {
        return switch (type.getSimpleName()) {
            case "int", "Integer" -> random.nextInt() >> random.nextInt(32);
            case "long", "Long" -> random.nextLong() >> random.nextInt(64);
            case "boolean" -> random.nextBoolean();
            // The content of an element is text and elements.
            case "String", "Object" -> text(random);
            case "Jid" -> Jid.of("user" + random.nextInt(5) + "@example.org" + (random.nextBoolean() ? "/r" : ""));
            case "byte[]" -> text(random).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            case "Instant" -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
            case "Payload" -> Payload.of(Element.text("body", Namespaces.CLIENT, text(random)));
            default -> throw new IllegalArgumentException("how is a " + type + " made?");
        };
    }

    private static Object collection(ParameterizedType type, Random random) {
        List<Object> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            elements.add(value(type.getActualTypeArguments()[0], random));
        }
        if (type.getRawType() == Set.class) {
            return new LinkedHashSet<>(elements);
        }
        if (type.getRawType() == Map.class) {
            Map<Object, Object> map = new LinkedHashMap<>();
            elements.forEach(key -> map.put(key, value(type.getActualTypeArguments()[1], random)));
            return map;
        }
        return elements;
    }

    /// Short and long, from few letters, so that some come again.
    private static String text(Random random) {
        int length = random.nextInt(10) == 0 ? random.nextInt(600) : random.nextInt(3);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(random.nextInt(20) == 0 ? 0x1F600 : "abü<".charAt(random.nextInt(4)));
        }
        return text.toString();
    }
}
