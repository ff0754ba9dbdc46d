package io.sluice.launcher.control;

import io.sluice.config.ListenerConfig;
import io.sluice.core.worker.Listener;
import io.sluice.core.worker.Service;
import java.util.List;

/**
 * A listener in one generation. Immutable.
 *
 * @param listener the same in all generations that have a listener of its name and protocol
 * @param bindings in the order of the configuration's addresses
 * @param services in the order of the workers
 */
record Served(Listener listener, ListenerConfig config, List<Binding> bindings, List<Service> services) {

    Served {
        bindings = List.copyOf(bindings);
        services = List.copyOf(services);
    }
}
