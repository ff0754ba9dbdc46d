package io.sluice.l4.tcp;

import io.sluice.config.PoolConfig;
import io.sluice.config.TcpListenerConfig;
import io.sluice.core.log.LogRing;
import io.sluice.core.log.SessionRecord;
import io.sluice.core.net.Connector;
import io.sluice.core.relay.SilenceLimits;
import io.sluice.core.worker.Listener;
import io.sluice.core.worker.Service;
import io.sluice.core.worker.Worker;
import java.nio.channels.SocketChannel;

/** Passes the clients of one listener through to one target, on one worker. Owned by one event loop. */
public final class TcpService implements Service {

    private final Worker worker;
    private final Listener listener;
    private final TcpListenerConfig config;
    private final Connector connector;
    private final LogRing<SessionRecord> log;
    private final SilenceLimits silenceLimits;

    /**
     * @param connector to the listener's target
     * @param log       where records of ended sessions go, or null
     */
    public TcpService(Worker worker, Listener listener, TcpListenerConfig config, Connector connector,
                      LogRing<SessionRecord> log) {
        this.worker = worker;
        this.listener = listener;
        this.config = config;
        this.connector = connector;
        this.log = log;
        PoolConfig pool = connector.pool().config();
        silenceLimits = new SilenceLimits(
                config.timeouts().client().toNanos(),
                pool.timeouts().server().toNanos(),
                config.timeouts().halfClosed().toNanos());
    }

    @Override
    public void accept(SocketChannel client) {
        new TcpSession(this, client).start();
    }

    Worker worker() {
        return worker;
    }

    Listener listener() {
        return listener;
    }

    TcpListenerConfig config() {
        return config;
    }

    Connector connector() {
        return connector;
    }

    LogRing<SessionRecord> log() {
        return log;
    }

    SilenceLimits silenceLimits() {
        return silenceLimits;
    }
}
