package io.sluice.l4.tcp;

import io.sluice.config.TargetConfig.Wanted;
import io.sluice.config.TcpListenerConfig;
import io.sluice.config.TcpRouteConfig;
import io.sluice.core.connect.Connector;
import io.sluice.core.connect.TlsClient;
import io.sluice.core.relay.SilenceLimits;
import io.sluice.core.stats.Traffic;
import io.sluice.core.worker.Worker;
import io.sluice.l4.postgres.CancelKeys;
import io.sluice.l4.tls.ClientHello;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A route of a TCP listener on one worker: which clients it takes, and the connectors to its pool. Owned by one event
 * loop.
 */
final class TcpRoute {

    private final List<String> serverNames;
    private final List<byte[]> protocols = new ArrayList<>();
    private final CancelKeys cancelKeys;
    private final Connector connector;
    private final Connector anyRoleConnector;
    private final SilenceLimits silenceLimits;
    private final Traffic traffic;
    private final boolean passesTls;

    /**
     * @param pool    the pool of the route's target
     * @param traffic this worker's counters of the route
     */
    TcpRoute(TcpRouteConfig config, TcpPool pool, TcpListenerConfig.Timeouts timeouts, Worker worker,
             Traffic traffic) {
        this.traffic = traffic;
        serverNames = config.match().sni();
        config.match().alpn().forEach(name -> protocols.add(name.getBytes(StandardCharsets.US_ASCII)));
        cancelKeys = pool.cancelKeys();
        TlsClient tls = pool.tls() == null ? null : new TlsClient(worker.loop(), pool.tls(), worker.tlsBuffers());
        connector = new Connector(worker.loop(), pool.plan(), config.target().wanted(), tls);
        anyRoleConnector = new Connector(worker.loop(), pool.plan(), Wanted.ANY, tls);
        passesTls = config.passTls();
        silenceLimits = new SilenceLimits(timeouts.client().toNanos(),
                pool.plan().config().timeouts().server().toNanos(), timeouts.halfClosed().toNanos());
    }

    /** The names to match, or patterns of them; none: any name. */
    List<String> serverNames() {
        return serverNames;
    }

    /** Connects to the servers of the route's target. */
    Connector connector() {
        return connector;
    }

    /** Connects to all servers of the pool, whatever their role. */
    Connector anyRoleConnector() {
        return anyRoleConnector;
    }

    /** The keys of the sessions on the pool's servers. */
    CancelKeys cancelKeys() {
        return cancelKeys;
    }

    Traffic traffic() {
        return traffic;
    }

    SilenceLimits silenceLimits() {
        return silenceLimits;
    }

    /** Whether clients' TLS is passed on to servers, although the listener could end it. */
    boolean passesTls() {
        return passesTls;
    }

    /** Whether the route has no conditions, so that it takes clients without TLS, too. */
    boolean isUnconditional() {
        return serverNames.isEmpty() && protocols.isEmpty();
    }

    /** Whether the conditions other than the server name hold. */
    boolean takes(ClientHello hello) {
        for (int i = 0; i < protocols.size(); i++) {
            if (hello.offers(protocols.get(i))) {
                return true;
            }
        }
        return protocols.isEmpty();
    }
}
