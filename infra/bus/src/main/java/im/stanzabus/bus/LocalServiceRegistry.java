package im.stanzabus.bus;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The services of a single process.
public final class LocalServiceRegistry implements ServiceRegistry {
    private final CopyOnWriteArrayList<ServiceDescriptor> services = new CopyOnWriteArrayList<>();

    @Override
    public void announce(ServiceDescriptor descriptor) {
        services.addIfAbsent(descriptor);
    }

    @Override
    public void withdraw(ServiceDescriptor descriptor) {
        services.remove(descriptor);
    }

    @Override
    public List<ServiceDescriptor> living() {
        return List.copyOf(services);
    }
}
