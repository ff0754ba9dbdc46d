package io.sluice.launcher.observe;

import io.sluice.core.net.ConnectionLimit;
import io.sluice.core.pool.Pool;
import io.sluice.core.stats.StatsReader;
import io.sluice.core.tls.CertificateExpiry;
import io.sluice.core.worker.Listener;
import io.sluice.core.worker.Worker;
import io.sluice.launcher.observe.Readings.GenerationReading;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;

/**
 * The live objects of the generation in force, for the observer. Immutable.
 *
 * @param processLimit counts all client connections
 * @param httpPools    names of the pools that HTTP listeners lead to
 * @param certificates certificates that are shown to peers
 * @param isDraining   whether Sluice has stopped accepting because it is about to end
 */
public record Scene(GenerationReading generation, List<Worker> workers, ConnectionLimit processLimit,
                    List<Spot> listeners, List<Pool> pools, Set<String> httpPools,
                    List<CertificateExpiry> certificates, boolean isDraining) {

    /** Sums of the workers' counters. */
    StatsReader stats() {
        return new StatsReader(workers.stream().map(Worker::stats).toList());
    }

    /**
     * A listener and where it listens.
     *
     * @param accepts whether it takes new connections at the moment
     */
    public record Spot(Listener listener, List<InetSocketAddress> addresses, boolean accepts) { }
}
