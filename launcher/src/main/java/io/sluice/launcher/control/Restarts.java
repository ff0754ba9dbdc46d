package io.sluice.launcher.control;

import io.sluice.config.ListenerConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.ConfigError;
import io.sluice.config.parse.LoadedConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells which parts of a configuration take a restart: some values of the first configuration hold as long as the
 * process, and a listener's backlog as long as its sockets. Immutable.
 */
record Restarts(SluiceConfig first) {

    private static final Logger LOG = LoggerFactory.getLogger(Restarts.class);

    /** Logs the pending parts. Called at each reload, so that the operator does not forget them. */
    void tell(LoadedConfig loaded, Assembly next) {
        pending(loaded, next).forEach(part -> LOG.warn(part.render()));
    }

    /** The parts that wait for a restart, each with its place in the file. */
    List<ConfigError> pending(LoadedConfig loaded, Assembly next) {
        SluiceConfig config = loaded.config();
        List<String> keys = new ArrayList<>();
        addIf(config.workers() != first.workers(), "workers", keys);
        addIf(!config.cpuAffinity().equals(first.cpuAffinity()), "cpu-affinity", keys);
        addIf(!config.busyPoll().equals(first.busyPoll()), "busy-poll", keys);
        addIf(config.zeroCopy() != first.zeroCopy(), "zero-copy", keys);
        addIf(!config.buffers().equals(first.buffers()), "buffers", keys);
        addIf(!config.admin().equals(first.admin()), "admin", keys);
        addIf(!config.stateFile().equals(first.stateFile()), "state-file", keys);
        addIf(!config.upgradeSocket().equals(first.upgradeSocket()), "upgrade-socket", keys);
        List<ListenerConfig> listeners = config.listeners();
        for (int i = 0; i < listeners.size(); i++) {
            int backlog = listeners.get(i).backlog();
            List<Binding> bindings = next.listeners().get(listeners.get(i).name()).bindings();
            addIf(bindings.stream().anyMatch(binding -> binding.backlog() != backlog), "listeners[" + i + "].backlog",
                    keys);
        }
        return keys.stream().map(key -> loaded.locations().error(key,
                "takes a restart; until then the value before holds", Optional.empty())).toList();
    }

    private static void addIf(boolean differs, String key, List<String> keys) {
        if (differs) {
            keys.add(key);
        }
    }
}
