package io.sluice.launcher.control;

import io.sluice.config.SluiceConfig;
import io.sluice.core.pool.PoolPlan;
import io.sluice.core.worker.Listener;
import io.sluice.core.worker.Service;
import io.sluice.core.worker.Snapshot;
import io.sluice.l7.proxy.ErrorPages;
import io.sluice.l7.proxy.HttpPool;
import io.sluice.launcher.observe.Scene;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All that serves by one generation of the configuration. What means the same as in the generation before is the same
 * object. Immutable.
 *
 * @param listeners  by name, in the order of the configuration
 * @param pools      likewise
 * @param errorPages of each pool
 * @param httpPools  of each worker, by name: those that HTTP listeners lead to
 * @param tls        of those listeners and pools that speak it
 * @param passed     addresses that another process has passed on, and no listener has yet
 */
record Assembly(SluiceConfig config, Map<String, Served> listeners, Map<String, PoolPlan> pools,
                Map<String, ErrorPages> errorPages, List<Map<String, HttpPool>> httpPools, TlsParts tls,
                List<Binding> passed) {

    /** Of a process that has not started yet. */
    static Assembly nothing(int workers, List<Binding> passed) {
        return new Assembly(null, Map.of(), Map.of(), Map.of(), Collections.nCopies(workers, Map.of()),
                TlsParts.NONE, passed);
    }

    /** Whether clients notice no difference to the other one. */
    boolean servesAs(Assembly other) {
        return listeners.equals(other.listeners) && pools.equals(other.pools);
    }

    List<Binding> bindings() {
        return Stream.concat(passed.stream(),
                listeners.values().stream().flatMap(served -> served.bindings().stream())).toList();
    }

    /** Its listeners for those who look on. @param accepts whether any takes new connections */
    List<Scene.Spot> spots(boolean accepts) {
        return listeners.values().stream().map(served -> new Scene.Spot(served.listener(),
                served.bindings().stream().map(Binding::local).toList(),
                accepts && !served.listener().isStopped())).toList();
    }

    /** Of those pools that HTTP listeners lead to. */
    Set<String> namesOfHttpPools() {
        return httpPools.getFirst().keySet();
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
