package io.sluice.l4.tcp;

import io.sluice.config.TcpListenerConfig;
import io.sluice.config.TcpRouteConfig;
import io.sluice.core.log.LogRing;
import io.sluice.core.log.SessionRecord;
import io.sluice.core.net.TcpSocket;
import io.sluice.core.stats.Traffic;
import io.sluice.core.worker.Listener;
import io.sluice.core.worker.Service;
import io.sluice.core.worker.Worker;
import io.sluice.l4.tls.ClientHello;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Relays the clients of one listener to its pools, on one worker. Owned by one event loop. */
public final class TcpService extends Service {

    private final Worker worker;
    private final Listener listener;
    private final TcpListenerConfig config;
    private final TcpRouter router;
    private final LogRing<SessionRecord> log;
    private final Traffic traffic;
    private final ClientHello hello = new ClientHello();

    /**
     * @param pools by name; those of the listener's routes are among them
     * @param log   takes the records of ended sessions; null if they are not logged
     */
    public TcpService(Worker worker, Listener listener, TcpListenerConfig config, Map<String, TcpPool> pools,
                      LogRing<SessionRecord> log) {
        this.worker = worker;
        this.listener = listener;
        this.config = config;
        List<TcpRoute> routes = new ArrayList<>();
        for (TcpRouteConfig route : config.routes()) {
            routes.add(new TcpRoute(route, pools.get(route.target().pool()), config.timeouts(), worker,
                    listener.traffic(route.label()).of(worker.loop().index())));
        }
        traffic = listener.traffic().of(worker.loop().index());
        router = new TcpRouter(routes);
        this.log = log;
    }

    /** This worker's counters of the listener. */
    Traffic traffic() {
        return traffic;
    }

    @Override
    public void accept(TcpSocket client) {
        new TcpSession(this, client).start();
    }

    Worker worker() {
        return worker;
    }

    Listener listener() {
        return listener;
    }

    /** How long a client may take to send what its route is found by. */
    long inspectNs() {
        return config.timeouts().inspect().toNanos();
    }

    TcpRouter router() {
        return router;
    }

    LogRing<SessionRecord> log() {
        return log;
    }

    /** A parser shared by all sessions: its result is valid only within one call. */
    ClientHello hello() {
        return hello;
    }

    Opening newOpening(TcpSession session) {
        return switch (config.inspect()) {
            case OFF -> new DirectOpening(session, router.unconditional());
            case TLS -> new TlsOpening(session, this);
            case POSTGRES -> new PostgresOpening(session, this);
        };
    }
}
