package io.sluice.l7.proxy;

import io.sluice.config.HttpPoolConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.TargetConfig.Wanted;
import io.sluice.core.connect.Connector;
import io.sluice.core.connect.TlsClient;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.pool.PassiveChecks;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.PoolPlan;
import io.sluice.l7.route.KeyHash;

/**
 * One pool as the HTTP listeners of one worker use it: connector, idle connections, retry budget, sticky cookie, error
 * pages. Belongs to one generation of the pool's configuration; {@link #next} hands the idle connections and the retry
 * budget to the next one. Owned by one event loop.
 */
public final class HttpPool {

    private final PoolPlan plan;
    private final EventLoop loop;
    private final PassiveChecks passiveChecks;
    private final Connector connector;
    private final IdleConnections idle;
    private final RetryBudget retryBudget;
    private final ErrorPages errorPages;
    private final TlsClient tls;
    private final StickyCookie stickyCookie;
    private final KeyHash keyHash;
    private final int connectRetries;
    private final long responseNs;
    private final long serverNs;

    /**
     * @param errorPages already read, shared by all workers
     * @param tls        for the handshakes with the pool's servers; null if they do not speak TLS
     */
    public HttpPool(EventLoop loop, PoolPlan plan, ErrorPages errorPages, TlsClient tls) {
        this(loop, plan, errorPages, tls, new IdleConnections(loop),
                new RetryBudget(plan.config().http().retry().budgetPercent()));
    }

    private HttpPool(EventLoop loop, PoolPlan plan, ErrorPages errorPages, TlsClient tls, IdleConnections idle,
                     RetryBudget retryBudget) {
        this.loop = loop;
        this.plan = plan;
        this.tls = tls;
        this.errorPages = errorPages;
        this.idle = idle;
        this.retryBudget = retryBudget;
        PoolConfig config = plan.config();
        HttpPoolConfig http = config.http();
        passiveChecks = plan.states().passiveChecks();
        connector = new Connector(loop, plan, Wanted.ANY, tls);
        stickyCookie = http.sticky().map(sticky -> new StickyCookie(sticky, plan)).orElse(null);
        keyHash = http.hashBy().map(KeyHash::new).orElse(null);
        connectRetries = http.retry().on().contains(HttpPoolConfig.Retry.On.CONNECT_FAILURE)
                ? http.retry().attempts() : 0;
        responseNs = http.response().toNanos();
        serverNs = config.timeouts().server().toNanos();
    }

    /** The same pool in the next generation. Safe from any thread. */
    public HttpPool next(PoolPlan next, ErrorPages nextPages) {
        int percent = next.config().http().retry().budgetPercent();
        boolean keepsBudget = percent == config().http().retry().budgetPercent();
        return new HttpPool(loop, next, nextPages, tls, idle, keepsBudget ? retryBudget : new RetryBudget(percent));
    }

    /** Whether this serves that pool object, and not an earlier pool of the same name. */
    public boolean isOf(Pool pool) {
        return plan.pool() == pool;
    }

    /** Whether both are generations of one pool: they share their idle connections. */
    public boolean follows(HttpPool other) {
        return idle == other.idle;
    }

    /** Whether nothing of this pool changes with the next generation. Safe from any thread. */
    public boolean isAs(PoolPlan next, ErrorPages nextPages) {
        return plan.equals(next) && errorPages.equals(nextPages);
    }

    /** Called when the listeners of this generation take over. */
    void begin() {
        if (!idle.isInUse()) {
            plan.states().observe(idle);
        }
        idle.keepFor(plan.servers(), config().http().connections());
    }

    /** Closes the connections that are idle now. @return how many */
    public int closeIdle() {
        return idle.closeKept();
    }

    /** Called when no HTTP listener uses the pool any more. */
    public void end() {
        plan.states().unobserve(idle);
        idle.closeAll();
    }

    Pool pool() {
        return plan.pool();
    }

    PoolConfig config() {
        return plan.config();
    }

    PassiveChecks passiveChecks() {
        return passiveChecks;
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

    /** The part of a request that the pool balances by; null for the client's address. */
    KeyHash keyHash() {
        return keyHash;
    }

    /** Whether connections may serve several clients: not if each begins with a PROXY protocol header. */
    boolean keepsConnections() {
        return config().sendProxyProtocol() == PoolConfig.ProxyProtocolVersion.OFF;
    }

    /** How often to retry a failed connect. */
    int connectRetries() {
        return connectRetries;
    }

    /** Time limit from the end of a request to the head of its response. */
    long responseNs() {
        return responseNs;
    }

    /** Time limit for a server connection on which no byte moves. */
    long serverNs() {
        return serverNs;
    }
}
