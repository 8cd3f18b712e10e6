package im.stanzabus.bus;

import java.util.List;

/// The living services. Safe from any thread.
public interface ServiceRegistry {
    /// Makes a service of this process known.
    void announce(ServiceDescriptor descriptor);

    /// Takes it back.
    void withdraw(ServiceDescriptor descriptor);

    /// All services that live now, in no particular order; one entry for a service of several instances.
    List<ServiceDescriptor> living();
}
