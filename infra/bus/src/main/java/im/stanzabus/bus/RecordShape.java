package im.stanzabus.bus;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How to take a record apart and make it again. Only records of this project travel.
final class RecordShape {
    private static final MethodType WRITER = MethodType.methodType(void.class, RecordWriter.class, Object.class);
    private static final MethodType CONSTRUCTOR = MethodType.methodType(Object.class, Object[].class);
    private static final ClassValue<RecordShape> SHAPES = new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
            return new RecordShape(type);
        }
    };

    private final MethodHandle writer;
    private final boolean[] events;
    private final @Nullable Object[] absent;
    private final MethodHandle constructor;

    private RecordShape(Class<?> type) {
        if (!type.isRecord() || !WireNames.isOurs(type.getName())) {
            throw new IllegalArgumentException("does not travel on the bus: " + type.getName());
        }
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            RecordComponent[] components = type.getRecordComponents();
            events = new boolean[components.length];
            absent = new @Nullable Object[components.length];
            for (int i = 0; i < components.length; i++) {
                events[i] = isListOfEvents(components[i].getGenericType());
                absent[i] = absent(components[i].getType());
            }
            writer = writer(lookup, components).asType(WRITER);
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            constructor = lookup.findConstructor(type, MethodType.methodType(void.class, types))
                    .asSpreader(Object[].class, types.length)
                    .asType(CONSTRUCTOR);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("does not travel on the bus: " + type.getName(), e);
        }
    }

    static RecordShape of(Class<?> type) {
        return SHAPES.get(type);
    }

    int size() {
        return events.length;
    }

    /// Whether a component is a list of different kinds of records, each of which stands for itself, so that
    /// one that is not known may be left out.
    boolean isListOfEvents(int index) {
        return index < events.length && events[index];
    }

    /// Writes all components of a record.
    void write(RecordWriter to, Object value) {
        try {
            writer.invokeExact(to, value);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// One handle for all components, each of which is written as what it is declared to be: the JIT compiler makes
    /// one piece of it, in which no number becomes an object.
    private static MethodHandle writer(MethodHandles.Lookup lookup, RecordComponent[] components)
            throws ReflectiveOperationException {
        MethodHandle all =
                MethodHandles.empty(MethodType.methodType(void.class, RecordWriter.class, lookup.lookupClass()));
        for (RecordComponent component : Arrays.asList(components).reversed()) {
            MethodHandle accessor = lookup.unreflect(component.getAccessor());
            MethodHandle first =
                    MethodHandles.filterArguments(RecordWriter.component(component.getType()), 1, accessor);
            all = MethodHandles.foldArguments(all, first);
        }
        return all;
    }

    /// The values of a record none of whose components is told.
    @Nullable
    Object[] absent() {
        return absent.clone();
    }

    Object make(@Nullable Object[] values) {
        try {
            return (Object) constructor.invokeExact(values);
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isListOfEvents(Type type) {
        return type instanceof ParameterizedType list
                && list.getRawType() == List.class
                && list.getActualTypeArguments()[0] instanceof Class<?> element
                && element.isInterface();
    }

    private static @Nullable Object absent(Class<?> type) {
        if (type == int.class) {
            return 0;
        }
        if (type == long.class) {
            return 0L;
        }
        if (type == boolean.class) {
            return false;
        }
        if (type == List.class) {
            return List.of();
        }
        if (type == Set.class) {
            return Set.of();
        }
        return type == Map.class ? Map.of() : null;
    }
}
