package io.sluice.launcher.control;

import io.sluice.config.SluiceConfig;
import io.sluice.core.pool.PoolPlan;
import io.sluice.core.worker.Listener;
import io.sluice.core.worker.Service;
import io.sluice.core.worker.Snapshot;
import io.sluice.l7.proxy.ErrorPages;
import io.sluice.l7.proxy.HttpPool;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All that serves by one generation of the configuration. What means the same as in the generation before is the same
 * object. Immutable.
 *
 * @param listeners  by name, in the order of the configuration
 * @param pools      likewise
 * @param errorPages of each pool
 * @param httpPools  of each worker, by name: those that HTTP listeners lead to
 * @param tls        of those listeners and pools that speak it
 */
record Assembly(SluiceConfig config, Map<String, Served> listeners, Map<String, PoolPlan> pools,
                Map<String, ErrorPages> errorPages, List<Map<String, HttpPool>> httpPools, TlsParts tls) {

    /** Of a process that has not started yet. */
    static Assembly nothing(int workers) {
        return new Assembly(null, Map.of(), Map.of(), Map.of(), Collections.nCopies(workers, Map.of()),
                TlsParts.NONE);
    }

    /** Whether clients notice no difference to the other one. */
    boolean servesAs(Assembly other) {
        return listeners.equals(other.listeners) && pools.equals(other.pools);
    }

    List<Binding> bindings() {
        return listeners.values().stream().flatMap(served -> served.bindings().stream()).toList();
    }

    /** What one worker serves. */
    Snapshot snapshot(int worker) {
        return new Snapshot(services(worker));
    }

    /** The same, and beside it the listeners that only another generation has. */
    Snapshot snapshotWith(Assembly other, int worker) {
        Map<Listener, Service> services = other.services(worker);
        services.putAll(services(worker));
        return new Snapshot(services);
    }

    private Map<Listener, Service> services(int worker) {
        Map<Listener, Service> services = new HashMap<>();
        listeners.values().forEach(served -> services.put(served.listener(), served.services().get(worker)));
        return services;
    }
}
