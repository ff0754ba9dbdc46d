package io.sluice.launcher.control;

import io.sluice.config.ListenerConfig;
import io.sluice.core.address.Addresses;
import io.sluice.core.worker.Listener;
import io.sluice.core.worker.Service;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener in one generation. Immutable.
 *
 * @param listener the same object in successive generations with a listener of that name and protocol
 * @param bindings in the order of the configuration's addresses
 * @param services in the order of the workers
 */
record Served(Listener listener, ListenerConfig config, List<Binding> bindings, List<Service> services) {

    private static final Logger LOG = LoggerFactory.getLogger(Served.class);

    Served {
        bindings = List.copyOf(bindings);
        services = List.copyOf(services);
    }

    /** Logs the new addresses. @param before the bindings until now */
    void tellOfNewAddresses(List<Binding> before) {
        List<String> fresh = bindings.stream().filter(binding -> !before.contains(binding))
                .map(binding -> Addresses.toText(binding.local())).toList();
        if (!fresh.isEmpty()) {
            LOG.info("listener {} accepts on {}", listener.name(), String.join(", ", fresh));
        }
    }
}
