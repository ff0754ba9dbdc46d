package io.sluice.l7.proxy;

import io.sluice.core.log.LogRing;
import io.sluice.core.net.TcpSocket;
import io.sluice.core.stats.Traffic;
import io.sluice.core.worker.Listener;
import io.sluice.core.worker.Service;
import io.sluice.core.worker.Worker;
import io.sluice.l7.http.HeadWriter;
import io.sluice.l7.log.AccessRecord;
import io.sluice.l7.route.RequestLimit;
import io.sluice.l7.route.Route;
import java.util.ArrayDeque;
import java.util.Map;

/**
 * Serves the clients of one HTTP listener on one worker, and holds what their sessions and exchanges share. Owned by
 * one event loop.
 */
public final class HttpService extends Service {

    private final Worker worker;
    private final Listener listener;
    private final HttpRules rules;
    private final Map<String, HttpPool> pools;
    private final LogRing<AccessRecord> log;
    private final HeadWriter writer = new HeadWriter();
    private final RequestWriter requestWriter;
    private final ResponseWriter responseWriter;
    private final ArrayDeque<Exchange> freeExchanges = new ArrayDeque<>();
    private final Refusals refusals;
    private final Traffic traffic;
    /** By the routes' indices. */
    private final Traffic[] routeTraffic;
    /** By the routes' indices; null for those without a limit. */
    private final RequestLimit[] rateLimits;

    /**
     * @param pools    this worker's pools that the routes lead to, by name
     * @param log      takes the access log's records; null if requests are not logged
     * @param refusals this worker's refusals
     */
    public HttpService(Worker worker, Listener listener, HttpRules rules, Map<String, HttpPool> pools,
                       LogRing<AccessRecord> log, Refusals refusals) {
        this.worker = worker;
        this.listener = listener;
        this.rules = rules;
        this.pools = Map.copyOf(pools);
        this.log = log;
        this.refusals = refusals;
        int index = worker.loop().index();
        traffic = listener.traffic().of(index);
        routeTraffic = rules.config().routes().stream().map(route -> listener.traffic(route.name()).of(index))
                .toArray(Traffic[]::new);
        rateLimits = rules.config().routes().stream().map(route -> route.rateLimit()
                .map(limit -> new RequestLimit(listener.rateLimit(route.name(), limit))).orElse(null))
                .toArray(RequestLimit[]::new);
        requestWriter = new RequestWriter(writer, rules.config().forwarded(), rules.certificateFields());
        responseWriter = new ResponseWriter(writer);
    }

    @Override
    public void accept(TcpSocket client) {
        new HttpSession(this, client).start();
    }

    @Override
    protected void begin() {
        pools.values().forEach(HttpPool::begin);
    }

    /** The service that serves the listener's clients now: this one, its successor, or null if the listener is gone. */
    HttpService current() {
        return (HttpService) worker.service(listener);
    }

    /** Whether a client's connection may stay open after so many requests; if not, the last response tells it so. */
    boolean keepsOpen(int requests) {
        return requests < rules.config().limits().requestsPerConnection() && !worker.isDraining() && !isClosing();
    }

    /** Whether connections end when they become idle, also of clients that were not told. */
    boolean endsIdleConnections() {
        return worker.mostIdleNs() == 0 || isClosing();
    }

    /** An exchange for one more request: reused after {@link #giveBack}, or new. */
    Exchange takeExchange() {
        Exchange exchange = freeExchanges.poll();
        return exchange == null ? new Exchange(this) : exchange;
    }

    void giveBack(Exchange exchange) {
        freeExchanges.push(exchange);
    }

    Worker worker() {
        return worker;
    }

    Listener listener() {
        return listener;
    }

    HttpRules rules() {
        return rules;
    }

    HttpPool pool(String name) {
        return pools.get(name);
    }

    /** What this worker counts of the listener. */
    Traffic traffic() {
        return traffic;
    }

    /** What this worker counts of one of the listener's routes. */
    Traffic traffic(Route route) {
        return routeTraffic[route.index()];
    }

    /** How often requests of the route may come; null if that is not limited. */
    RequestLimit rateLimit(Route route) {
        return rateLimits[route.index()];
    }

    Refusals refusals() {
        return refusals;
    }

    /** Null if requests are not logged. */
    LogRing<AccessRecord> log() {
        return log;
    }

    HeadWriter writer() {
        return writer;
    }

    RequestWriter requestWriter() {
        return requestWriter;
    }

    ResponseWriter responseWriter() {
        return responseWriter;
    }
}
