package io.sluice.l7.proxy;

import io.sluice.core.address.Addresses;
import io.sluice.core.connect.ConnectAttempts;
import io.sluice.core.log.LogRing;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.pool.Server;
import io.sluice.core.stats.Counter;
import io.sluice.core.stats.Latency;
import io.sluice.core.stats.PoolCount;
import io.sluice.core.stats.Traffic;
import io.sluice.core.stats.TrafficCount;
import io.sluice.core.stats.WorkerStats;
import io.sluice.l7.http.HttpError;
import io.sluice.l7.log.AccessRecord;
import io.sluice.l7.proxy.RefusedMessage.Parties;
import io.sluice.l7.route.Client;
import io.sluice.l7.route.Route;
import java.net.InetSocketAddress;

/**
 * Notes an exchange's times and outcome, counts what there is to count of it, and writes its record to the access log.
 * Owned by one event loop; used again for other exchanges.
 */
final class Journal {

    /** Stands for a time that was not reached. */
    private static final long NEVER = -1;

    private final HttpService service;
    private final EventLoop loop;
    private final WorkerStats stats;
    private final String listener;
    private final LogRing<AccessRecord> log;
    private final Refusals refusals;
    private InetSocketAddress peer;
    /** The client if X-Forwarded-For names it; null if it is the peer. */
    private Client named;
    private Route route;
    private HttpPool pool;
    private long startMs;
    private long startNs;
    private long headNs;
    private long sentAtNs;
    private long responseNs;
    private long queueNs;
    private long connectNs;
    private int status;
    private int serverStatus;
    /** The counters of the server that has the request; null if no server has it. */
    private Traffic serverTraffic;
    private int retries;
    private HttpError refusal;
    private Termination termination;

    Journal(HttpService service) {
        this.service = service;
        loop = service.worker().loop();
        stats = service.worker().stats();
        listener = service.listener().name();
        log = service.log();
        refusals = service.refusals();
    }

    /** The first byte of a request has come. */
    void begin(ClientIdentity from) {
        peer = from.address();
        named = null;
        route = null;
        pool = null;
        startMs = System.currentTimeMillis();
        startNs = loop.nowNs();
        headNs = NEVER;
        beginAttempt();
        retries = 0;
        refusal = null;
        termination = null;
    }

    /** No server has the request, and the client has been sent no status yet. */
    private void beginAttempt() {
        queueNs = NEVER;
        connectNs = NEVER;
        sentAtNs = NEVER;
        responseNs = NEVER;
        status = 0;
        serverStatus = 0;
        serverTraffic = null;
    }

    /** The request's head is whole. */
    void onHead() {
        headNs = loop.nowNs() - startNs;
        stats.count(Counter.HTTP_REQUESTS);
    }

    /** The request's head breaks the protocol or a limit. */
    void onHeadRefused() {
        headNs = loop.nowNs() - startNs;
    }

    /** The request's client is the one that X-Forwarded-For names, or, if null, the connection's. */
    void onClient(Client client) {
        named = client;
    }

    /** This route takes the request, or none if null. */
    void onRoute(Route taken) {
        route = taken;
    }

    /** The request is answered with an error, as no route takes it. */
    void onNoRoute() {
        service.traffic().errors().count("no-route");
    }

    /** The request's rate limit had no room to count it. */
    void onUncounted() {
        stats.count(Counter.RATE_LIMITS_FULL);
    }

    /** The request comes more often than its route allows. @param isRefused false if it is served all the same */
    void onTooSoon(boolean isRefused) {
        stats.count(Counter.HTTP_RATE_LIMITED);
        service.traffic(route).count(TrafficCount.RATE_LIMITED);
        if (isRefused) {
            service.traffic().errors().count("rate-limit");
        }
    }

    /** The request goes to this pool. */
    void onPool(HttpPool chosen) {
        pool = chosen;
    }

    /** A server gets the request. @param search how the server was found */
    void onServer(ConnectAttempts search) {
        onSearchEnd(search);
        connectNs = search.connectNs();
        serverTraffic = search.traffic();
    }

    /** The search for a server is over, in vain or not, or was given up. */
    void onSearchEnd(ConnectAttempts search) {
        queueNs = search.queueNs();
        retries += search.retries();
    }

    /** All bytes of the request that have come so far have been sent to the server. */
    void onSent() {
        sentAtNs = loop.nowNs();
    }

    long sentAtNs() {
        return sentAtNs;
    }

    /** The head of a server's response has come. */
    void onResponseHead(int statusOfServer) {
        responseNs = loop.nowNs() - sentAtNs;
        serverStatus = statusOfServer;
    }

    /** The client is sent a response of this status. */
    void onStatus(int sent) {
        status = sent;
    }

    /** The attempt has failed and another one follows. */
    void onRetry() {
        retries++;
        stats.count(Counter.HTTP_RETRIES);
        pool.connector().counts().count(PoolCount.RETRIES);
        serverTraffic.count(TrafficCount.RETRIES);
        endAttempt();
        beginAttempt();
    }

    /** The server no longer has the request. */
    private void endAttempt() {
        serverTraffic.count(TrafficCount.ofStatus(serverStatus));
        if (responseNs != NEVER) {
            serverTraffic.record(Latency.FIRST_BYTE, responseNs);
        }
    }

    /** The server has failed. */
    void onServerFault(Termination cause) {
        serverTraffic.errors().count(cause.label());
    }

    int retries() {
        return retries;
    }

    /** The client has broken the protocol or a limit. */
    void onRequestRefused(HttpError reason, RequestTransfer request) {
        onRefused(reason);
        stats.count(Counter.HTTP_REFUSED);
        service.traffic().errors().count(reason.reason());
        if (refusals.last().wantsOne(loop.nowNs())) {
            refusals.last().add(new Parties(listener, clientText(), null, null), reason,
                    request.fault(reason));
        }
    }

    /** The server has broken the protocol or a limit. */
    void onResponseRefused(HttpError reason, ResponseTransfer response, Server server) {
        onRefused(reason);
        serverTraffic.refusedResponses().count(reason.reason());
        if (refusals.last().wantsOne(loop.nowNs())) {
            refusals.last().add(new Parties(listener, clientText(), pool.pool().name(), server.name()),
                    reason, response.fault());
        }
    }

    private String clientText() {
        return named == null ? Addresses.toText(peer) : named.toString();
    }

    private void onRefused(HttpError reason) {
        refusal = reason;
        refusals.count(reason);
    }

    /** Notes the cause of the exchange's end; the first one counts. */
    void onTermination(Termination cause) {
        if (termination == null) {
            termination = cause;
        }
    }

    /**
     * The exchange is over.
     *
     * @param server    the server that was tried last, or null
     * @param sentBytes bytes that the client was sent
     */
    void end(RequestTransfer request, Server server, long sentBytes) {
        count();
        if (log != null) {
            publish(request, server, sentBytes);
        }
    }

    private void count() {
        long totalNs = loop.nowNs() - startNs;
        service.traffic().count(TrafficCount.ofStatus(status));
        service.traffic().record(Latency.TOTAL, totalNs);
        if (route != null) {
            service.traffic(route).count(TrafficCount.ofStatus(status));
            service.traffic(route).record(Latency.TOTAL, totalNs);
        }
        if (termination.isRefusal()) {
            service.traffic().errors().count(termination.label());
        }
        if (serverTraffic != null) {
            serverTraffic.record(Latency.TOTAL, totalNs);
            if (termination.isServersBreak()) {
                serverTraffic.errors().count(termination.label());
            }
            endAttempt();
        }
    }

    private void publish(RequestTransfer request, Server server, long sentBytes) {
        AccessRecord access = log.claim();
        if (access == null) {
            stats.count(Counter.LOG_RECORDS_DROPPED);
            return;
        }
        access.listener = listener;
        tellClient(access);
        access.route = route == null ? null : route.name();
        access.pool = pool == null ? null : pool.pool().name();
        access.server = server == null ? null : server.name();
        access.status = status;
        access.requestBytes = request.bodyBytes();
        access.responseBytes = sentBytes;
        access.retries = retries;
        access.termination = termination;
        access.refusal = refusal;
        request.id().tell(access);
        access.head(request.head().bytes(), request.head().headLength());
        tellTimes(access);
        log.publish(access);
    }

    private void tellClient(AccessRecord access) {
        access.peer = peer;
        if (named == null) {
            access.clearForwardedFor();
        } else {
            access.forwardedFor(named.address(), named.port());
        }
    }

    private void tellTimes(AccessRecord access) {
        access.startMs = startMs;
        access.headNs = headNs;
        access.queueNs = queueNs;
        access.connectNs = connectNs;
        access.responseNs = responseNs;
        access.totalNs = loop.nowNs() - startNs;
    }
}
