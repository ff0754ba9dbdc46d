package io.sluice.core.worker;

import java.util.Map;

/**
 * What one worker does with the clients of each listener: its part of one generation of the configuration. Replaced
 * whole, by the worker's own thread. Immutable.
 */
public record Snapshot(Map<Listener, Service> services) {

    /** The snapshot of a worker that serves nothing yet. */
    static final Snapshot EMPTY = new Snapshot(Map.of());

    public Snapshot {
        services = Map.copyOf(services);
    }

    /** The listener's service; null if the listener is not in this generation. */
    Service service(Listener listener) {
        return services.get(listener);
    }
}
