package im.stanzabus.launcher;

import im.stanzabus.launcher.config.ConfigFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
        services = Set.copyOf(services);
    }

    /// All services on the class path.
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
    public static List<ServiceModule<?>> modulesOnClassPath() {
        List<ServiceModule<?>> modules = new ArrayList<>();
        for (ServiceModule<?> module : ServiceLoader.load(ServiceModule.class)) {
            modules.add(module);
        }
        modules.sort(Comparator.comparing(ServiceModule::name));
        return modules;
    }
}
