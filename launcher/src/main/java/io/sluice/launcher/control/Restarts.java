package io.sluice.launcher.control;

import io.sluice.config.ListenerConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.LoadedConfig;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells which parts of a configuration take a restart: some of the first one hold until the end of the process, and
 * some of a listener's as long as its socket does. Immutable.
 */
record Restarts(SluiceConfig first) {

    private static final Logger LOG = LoggerFactory.getLogger(Restarts.class);

    /** To be called each time, so that no one forgets. */
    void tell(LoadedConfig loaded, Assembly next) {
        if (loaded.config().workers() != first.workers()) {
            tell(loaded, "workers");
        }
        if (!loaded.config().cpuAffinity().equals(first.cpuAffinity())) {
            tell(loaded, "cpu-affinity");
        }
        if (loaded.config().zeroCopy() != first.zeroCopy()) {
            tell(loaded, "zero-copy");
        }
        if (!loaded.config().buffers().equals(first.buffers())) {
            tell(loaded, "buffers");
        }
        List<ListenerConfig> listeners = loaded.config().listeners();
        for (int i = 0; i < listeners.size(); i++) {
            int backlog = listeners.get(i).backlog();
            List<Binding> bindings = next.listeners().get(listeners.get(i).name()).bindings();
            if (bindings.stream().anyMatch(binding -> binding.backlog() != backlog)) {
                tell(loaded, "listeners[" + i + "].backlog");
            }
        }
    }

    private static void tell(LoadedConfig loaded, String key) {
        LOG.warn(loaded.locations().error(key, "takes a restart; until then the value before holds",
                Optional.empty()).render());
    }
}
