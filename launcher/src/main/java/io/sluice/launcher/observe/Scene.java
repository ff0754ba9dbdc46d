package io.sluice.launcher.observe;

import io.sluice.core.net.ConnectionLimit;
import io.sluice.core.pool.Pool;
import io.sluice.core.tls.CertificateExpiry;
import io.sluice.core.worker.Listener;
import io.sluice.core.worker.Worker;
import io.sluice.launcher.observe.Readings.GenerationReading;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;

/**
 * What there is to observe at one moment: the live objects of the generation in force. Immutable.
 *
 * @param processLimit that counts all clients' connections
 * @param httpPools    names of the pools that HTTP listeners lead to
 * @param certificates that are shown to peers
 * @param isDraining   whether no more connections are accepted, as Sluice is about to end
 */
public record Scene(GenerationReading generation, List<Worker> workers, ConnectionLimit processLimit,
                    List<Spot> listeners, List<Pool> pools, Set<String> httpPools,
                    List<CertificateExpiry> certificates, boolean isDraining) {

    /**
     * A listener and where it listens.
     *
     * @param accepts whether it takes new connections at the moment
     */
    public record Spot(Listener listener, List<InetSocketAddress> addresses, boolean accepts) { }
}
