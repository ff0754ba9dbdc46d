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
 * All objects that serve one generation of the configuration. A part whose configuration has not changed is the same
 * object as in the generation before. Immutable.
 *
 * @param config     null before the first generation
 * @param listeners  by name, in the order of the configuration
 * @param pools      by name, in the order of the configuration
 * @param errorPages by the pool's name
 * @param httpPools  for each worker, the pools that HTTP listeners lead to, by name
 * @param tls        the TLS of listeners and pools
 * @param passed     addresses passed on by another process that no listener has taken over yet
 */
record Assembly(SluiceConfig config, Map<String, Served> listeners, Map<String, PoolPlan> pools,
                Map<String, ErrorPages> errorPages, List<Map<String, HttpPool>> httpPools, TlsParts tls,
                List<Binding> passed) {

    /** The assembly of a process that has not started yet. */
    static Assembly nothing(int workers, List<Binding> passed) {
        return new Assembly(null, Map.of(), Map.of(), Map.of(), Collections.nCopies(workers, Map.of()),
                TlsParts.NONE, passed);
    }

    /** Whether clients are served in the same way as by the other assembly. */
    boolean servesAs(Assembly other) {
        return listeners.equals(other.listeners) && pools.equals(other.pools);
    }

    /** Whether a listener accepts there. */
    boolean listensOn(Binding binding) {
        return listeners.values().stream().anyMatch(served -> served.bindings().contains(binding));
    }

    /** The bindings of all listeners, and those that none has taken over yet. */
    List<Binding> bindings() {
        return Stream.concat(passed.stream(),
                listeners.values().stream().flatMap(served -> served.bindings().stream())).toList();
    }

    /** The listeners, for the observer. @param accepts whether Sluice takes new connections at all */
    List<Scene.Spot> spots(boolean accepts) {
        return listeners.values().stream().map(served -> new Scene.Spot(served.listener(),
                served.bindings().stream().map(Binding::local).toList(),
                accepts && !served.listener().isStopped())).toList();
    }

    /** The names of the pools that HTTP listeners lead to. */
    Set<String> namesOfHttpPools() {
        return httpPools.getFirst().keySet();
    }

    /** What one worker serves. */
    Snapshot snapshot(int worker) {
        return new Snapshot(services(worker));
    }

    /** What one worker serves, together with the listeners that only the other generation has. */
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
