package im.stanzabus.launcher;

import im.stanzabus.launcher.config.ConfigFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;

/// What to start.
///
/// @param config read once by the start; a new one is needed for the next start
/// @param modules the services, in any order
/// @param services the names of those to start; empty for all. The others' sections are checked all the same
/// @param open true to let anybody in: gateways and the HTTP listener; false for the services alone
/// @param logging true to set up this JVM's logging as configured
public record LaunchOptions(
        ConfigFile config, List<ServiceModule<?>> modules, Set<String> services, boolean open, boolean logging) {
    public LaunchOptions {
        modules = List.copyOf(modules);
        requireOneEach(modules);
        services = Set.copyOf(services);
    }

    private static void requireOneEach(List<ServiceModule<?>> modules) {
        Map<String, ServiceModule<?>> byName = new HashMap<>();
        for (ServiceModule<?> module : modules) {
            ServiceModule<?> other = byName.putIfAbsent(module.name(), module);
            if (other != null) {
                throw new StartupException("two services are called '" + module.name() + "': "
                        + other.getClass().getName() + " and "
                        + module.getClass().getName());
            }
        }
    }

    /// All services on the class path.
    ///
    /// @throws StartupException if one of them cannot be loaded, or two have one name
    public static LaunchOptions of(ConfigFile config) {
        return new LaunchOptions(config, modulesOnClassPath(), Set.of(), true, false);
    }

    /// Only these services, whatever is on the class path.
    public LaunchOptions withModules(List<ServiceModule<?>> only) {
        return new LaunchOptions(config, only, services, open, logging);
    }

    /// Starts only the services of these names.
    public LaunchOptions withServices(Set<String> names) {
        return new LaunchOptions(config, modules, names, open, logging);
    }

    /// The services without gateways and without the HTTP listener.
    public LaunchOptions closed() {
        return new LaunchOptions(config, modules, services, false, logging);
    }

    /// With this JVM's logging set up as configured.
    public LaunchOptions withLogging() {
        return new LaunchOptions(config, modules, services, open, true);
    }

    /// The services that name themselves in `META-INF/services`, by name.
    ///
    /// @throws StartupException if one of them cannot be loaded
    public static List<ServiceModule<?>> modulesOnClassPath() {
        List<ServiceModule<?>> modules = new ArrayList<>();
        try {
            for (ServiceModule<?> module : ServiceLoader.load(ServiceModule.class)) {
                modules.add(module);
            }
            modules.sort(Comparator.comparing(ServiceModule::name));
        } catch (ServiceConfigurationError | LinkageError e) {
            Throwable cause = e.getCause();
            throw new StartupException("a service on the class path cannot be loaded: " + e.getMessage()
                    + (cause == null ? "" : " (" + cause + ")"));
        }
        return modules;
    }
}
