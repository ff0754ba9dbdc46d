package io.sluice.l7.proxy;

import io.sluice.config.HttpPoolConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.TargetConfig.Wanted;
import io.sluice.core.buffer.BufferPool;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.net.Connector;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.PoolObserver;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.ServerStates;
import io.sluice.core.pool.Target;
import io.sluice.l7.route.KeyHash;

/**
 * One pool as one worker's HTTP listeners use it: connections opened and kept, retries, stickiness, error pages.
 * Owned by one event loop.
 */
public final class HttpPool {

    private final Pool pool;
    private final ServerStates states;
    private final Connector connector;
    private final IdleConnections idle;
    private final RetryBudget retryBudget;
    private final ErrorPages errorPages;
    private final StickyCookie stickyCookie;
    private final KeyHash keyHash;
    private final int connectRetries;
    private final long responseNs;
    private final long serverNs;

    /** @param errorPages already read, shared by all workers */
    public HttpPool(EventLoop loop, BufferPool buffers, Pool pool, ServerStates states, ErrorPages errorPages) {
        this.pool = pool;
        this.states = states;
        this.errorPages = errorPages;
        PoolConfig config = pool.config();
        HttpPoolConfig http = config.http();
        connector = new Connector(loop, new Target(pool, Wanted.ANY), states);
        idle = new IdleConnections(loop, buffers, pool.servers().size(), http.connections());
        states.observe(new PoolObserver() {
            @Override
            public void onDown(Pool of, Server server) {
                loop.mailbox().post(() -> idle.close(server));
            }
        });
        retryBudget = new RetryBudget(http.retry().budgetPercent());
        stickyCookie = http.sticky().map(sticky -> new StickyCookie(sticky, pool)).orElse(null);
        keyHash = http.hashBy().map(KeyHash::new).orElse(null);
        connectRetries = http.retry().on().contains(HttpPoolConfig.Retry.On.CONNECT_FAILURE)
                ? http.retry().attempts() : 0;
        responseNs = http.response().toNanos();
        serverNs = config.timeouts().server().toNanos();
    }

    Pool pool() {
        return pool;
    }

    PoolConfig config() {
        return pool.config();
    }

    ServerStates states() {
        return states;
    }

    Connector connector() {
        return connector;
    }

    IdleConnections idle() {
        return idle;
    }

    RetryBudget retryBudget() {
        return retryBudget;
    }

    ErrorPages errorPages() {
        return errorPages;
    }

    /** Null if the pool is not sticky. */
    StickyCookie stickyCookie() {
        return stickyCookie;
    }

    /** What the pool balances by, or null: by the client's address. */
    KeyHash keyHash() {
        return keyHash;
    }

    /** Whether connections can serve other clients: not if a PROXY protocol header says whose they are. */
    boolean keepsConnections() {
        return pool.config().sendProxyProtocol() == PoolConfig.ProxyProtocolVersion.OFF;
    }

    /** Attempts after a failed one to connect. */
    int connectRetries() {
        return connectRetries;
    }

    /** From the end of a request to the head of its response. */
    long responseNs() {
        return responseNs;
    }

    /** Without a byte moving on the server side. */
    long serverNs() {
        return serverNs;
    }
}
