package im.stanzabus.bus;

import im.stanzabus.stanza.Jid;
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
    private static final MethodType ACCESSOR = MethodType.methodType(Object.class, Object.class);
    private static final MethodType CONSTRUCTOR = MethodType.methodType(Object.class, Object[].class);
    private static final ClassValue<RecordShape> SHAPES = new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
            return new RecordShape(type);
        }
    };

    private final MethodHandle[] accessors;
    private final WireTag[] kinds;
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
            accessors = new MethodHandle[components.length];
            kinds = new WireTag[components.length];
            events = new boolean[components.length];
            absent = new @Nullable Object[components.length];
            for (int i = 0; i < components.length; i++) {
                accessors[i] = lookup.unreflect(components[i].getAccessor()).asType(ACCESSOR);
                kinds[i] = kind(components[i].getType());
                events[i] = isListOfEvents(components[i].getGenericType());
                absent[i] = absent(components[i].getType());
            }
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
        return accessors.length;
    }

    /// Whether a component is a list of different kinds of records, each of which stands for itself, so that
    /// one that is not known may be left out.
    boolean isListOfEvents(int index) {
        return index < events.length && events[index];
    }

    /// What a component is, if its type says it: a number, {@link WireTag#TRUE} for either boolean, an
    /// address, a record; {@link WireTag#NULL} if it must be looked at.
    WireTag kind(int index) {
        return kinds[index];
    }

    private static WireTag kind(Class<?> type) {
        if (type == long.class) {
            return WireTag.LONG;
        }
        if (type == int.class) {
            return WireTag.INT;
        }
        if (type == boolean.class) {
            return WireTag.TRUE;
        }
        if (type == Jid.class) {
            return WireTag.JID;
        }
        return type.isRecord() ? WireTag.RECORD : WireTag.NULL;
    }

    Object component(Object message, int index) {
        try {
            return (Object) accessors[index].invokeExact(message);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
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
