package im.stanzabus.bus;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How to take a record apart and make it again. Only records of this project travel, so that a message cannot name
/// another class.
final class RecordShape {
    private static final String OURS = "im.stanzabus.";
    private static final ClassValue<RecordShape> SHAPES = new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
            return new RecordShape(type);
        }
    };

    private final MethodHandle[] accessors;
    private final MethodHandle constructor;

    private RecordShape(Class<?> type) {
        if (!type.isRecord() || !type.getName().startsWith(OURS)) {
            throw new IllegalArgumentException("does not travel on the bus: " + type.getName());
        }
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            RecordComponent[] components = type.getRecordComponents();
            accessors = new MethodHandle[components.length];
            for (int i = 0; i < components.length; i++) {
                accessors[i] = lookup.unreflect(components[i].getAccessor());
            }
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            constructor = lookup.findConstructor(type, MethodType.methodType(void.class, types));
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("does not travel on the bus: " + type.getName(), e);
        }
    }

    static RecordShape of(Class<?> type) {
        return SHAPES.get(type);
    }

    static RecordShape of(String className) {
        if (!className.startsWith(OURS)) {
            throw new IllegalArgumentException("not a bus message: " + className);
        }
        try {
            return of(Class.forName(className));
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException("this process does not know the bus message " + className, e);
        }
    }

    int size() {
        return accessors.length;
    }

    Object component(Object message, int index) {
        try {
            return accessors[index].invoke(message);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    Object make(@Nullable Object[] values) {
        try {
            return constructor.invokeWithArguments(values);
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
