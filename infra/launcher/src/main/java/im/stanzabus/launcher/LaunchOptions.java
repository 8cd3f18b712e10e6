package im.stanzabus.launcher;

import im.stanzabus.launcher.config.ConfigFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/// What to start.
///
/// @param config read once by the start; a new one is needed for the next start
/// @param modules the services, in any order
/// @param open true to let anybody in: gateways and the HTTP listener; false for the services alone
/// @param logging true to set up this JVM's logging as configured
public record LaunchOptions(ConfigFile config, List<ServiceModule<?>> modules, boolean open, boolean logging) {
    public LaunchOptions {
        modules = List.copyOf(modules);
    }

    /// All services on the class path.
    public static LaunchOptions of(ConfigFile config) {
        return new LaunchOptions(config, modulesOnClassPath(), true, false);
    }

    /// Only these services, whatever is on the class path.
    public LaunchOptions withModules(List<ServiceModule<?>> only) {
        return new LaunchOptions(config, only, open, logging);
    }

    /// The services without gateways and without the HTTP listener.
    public LaunchOptions closed() {
        return new LaunchOptions(config, modules, false, logging);
    }

    /// With this JVM's logging set up as configured.
    public LaunchOptions withLogging() {
        return new LaunchOptions(config, modules, open, true);
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
