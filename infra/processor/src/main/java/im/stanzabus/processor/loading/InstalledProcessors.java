package im.stanzabus.processor.loading;

import im.stanzabus.processor.ProcessorDescriptor;
import im.stanzabus.processor.ProcessorFactory;
import im.stanzabus.processor.WrongSetting;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/// The processors on a class path, enabled or not.
public final class InstalledProcessors {
    private static final int MOST_FAULTS = 100;

    private final Map<String, Installed> byName = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();

    private record Installed(ProcessorDescriptor descriptor, ProcessorFactory factory) {}

    private InstalledProcessors() {}

    /// Looks for them where the services of this process are looked for.
    public static InstalledProcessors find() {
        return find(ServiceLoader.load(ProcessorFactory.class));
    }

    /// Looks for them. One that cannot be loaded does not hide the others.
    static InstalledProcessors find(ServiceLoader<ProcessorFactory> loader) {
        InstalledProcessors found = new InstalledProcessors();
        Iterator<ProcessorFactory> factories = loader.iterator();
        boolean more = true;
        while (more && found.faults.size() < MOST_FAULTS) {
            try {
                more = factories.hasNext();
                if (more) {
                    found.add(factories.next());
                }
            } catch (ServiceConfigurationError | RuntimeException | LinkageError e) {
                found.faults.add("a processor on the class path cannot be loaded: " + reason(e));
            }
        }
        return found;
    }

    private void add(ProcessorFactory factory) {
        ProcessorDescriptor descriptor = factory.descriptor();
        Installed other = byName.putIfAbsent(descriptor.name(), new Installed(descriptor, factory));
        if (other != null) {
            faults.add("two processors on the class path are called '" + descriptor.name() + "': "
                    + other.factory().getClass().getName() + " and "
                    + factory.getClass().getName());
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure.getMessage() + (cause == null ? "" : " (" + cause + ")");
    }

    /// What is wrong with those on the class path, one sentence each.
    public List<String> faults() {
        return List.copyOf(faults);
    }

    public boolean has(String name) {
        return byName.containsKey(name);
    }

    /// All of them, for the one who has written a name wrong.
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /// Who one of them is.
    ///
    /// @throws IllegalArgumentException if there is none of that name
    public ProcessorDescriptor descriptor(String name) {
        return installed(name).descriptor();
    }

    /// Makes one.
    ///
    /// @param settings a value for each setting of its descriptor
    /// @throws WrongSetting if it does not like one of them
    /// @throws IllegalArgumentException if there is none of that name, or it cannot be made
    public LoadedProcessor load(String name, Map<String, String> settings) {
        Installed installed = installed(name);
        try {
            return new LoadedProcessor(
                    installed.descriptor(),
                    Objects.requireNonNull(installed.factory().create(Map.copyOf(settings)), "its factory makes none"));
        } catch (WrongSetting e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw new IllegalArgumentException("processor '" + name + "' cannot be made: " + e, e);
        }
    }

    private Installed installed(String name) {
        Installed installed = byName.get(name);
        if (installed == null) {
            throw new IllegalArgumentException("there is no processor '" + name + "'");
        }
        return installed;
    }
}
