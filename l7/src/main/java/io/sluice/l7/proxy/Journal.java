package io.sluice.l7.proxy;

import io.sluice.core.log.Addresses;
import io.sluice.core.log.LogRing;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.Server;
import io.sluice.core.stats.Latency;
import io.sluice.core.stats.Traffic;
import io.sluice.core.stats.TrafficCount;
import io.sluice.l7.http.HttpError;
import io.sluice.l7.log.AccessRecord;
import io.sluice.l7.proxy.RefusedMessage.Parties;
import io.sluice.l7.route.Route;
import java.net.InetSocketAddress;

/** Notes an exchange's times and outcome for counters and the access log. Owned by one event loop. */
final class Journal {

    /** Stands for a time that was not reached. */
    static final long NEVER = -1;

    private final HttpService service;
    private final EventLoop loop;
    private final String listener;
    private final LogRing<AccessRecord> log;
    private final Refusals refusals;
    private InetSocketAddress client;
    private Route route;
    private Pool pool;
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
        listener = service.listener().name();
        log = service.log();
        refusals = service.refusals();
    }

    /** The first byte of a request has come. */
    void begin(ClientIdentity from) {
        client = from.address();
        route = null;
        pool = null;
        startMs = System.currentTimeMillis();
        startNs = loop.nowNs();
        headNs = NEVER;
        sentAtNs = NEVER;
        responseNs = NEVER;
        queueNs = NEVER;
        connectNs = NEVER;
        status = 0;
        serverStatus = 0;
        serverTraffic = null;
        retries = 0;
        refusal = null;
        termination = null;
    }

    /** The request's head is whole, or refused. */
    void onHead() {
        headNs = loop.nowNs() - startNs;
    }

    /** This route takes the request, or none if null. */
    void onRoute(Route taken) {
        route = taken;
    }

    /** The request goes to this pool. */
    void onPool(Pool chosen) {
        pool = chosen;
    }

    /** The search for a server has ended. Times are {@link #NEVER} for steps not taken. */
    void onServer(long inQueueNs, long connectingNs, int connectRetries) {
        queueNs = inQueueNs;
        connectNs = connectingNs;
        retries += connectRetries;
    }

    /** A server with these counters gets the request; null if no server does. */
    void onAttempt(Traffic of) {
        serverTraffic = of;
        serverStatus = 0;
        responseNs = NEVER;
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
        serverTraffic.count(TrafficCount.RETRIES);
        endAttempt();
    }

    /** The server no longer has the request. */
    private void endAttempt() {
        serverTraffic.count(TrafficCount.ofStatus(serverStatus));
        if (responseNs != NEVER) {
            serverTraffic.record(Latency.FIRST_BYTE, responseNs);
        }
        serverTraffic = null;
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
        if (refusals.last().wantsOne(loop.nowNs())) {
            refusals.last().add(new Parties(listener, Addresses.toText(client), null, null), reason,
                    request.fault(reason));
        }
    }

    /** The server has broken the protocol or a limit. */
    void onResponseRefused(HttpError reason, ResponseTransfer response, Server server) {
        onRefused(reason);
        serverTraffic.refusedResponses().count(reason.reason());
        if (refusals.last().wantsOne(loop.nowNs())) {
            refusals.last().add(new Parties(listener, Addresses.toText(client), pool.name(), server.name()), reason,
                    response.fault());
        }
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

    /** Adds the exchange to the counters; it is over. */
    void measure() {
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

    /**
     * Writes the record to the access log, if there is one; false if the log's ring is full.
     *
     * @param server    the server that was tried last, or null
     * @param sentBytes bytes that the client was sent
     */
    boolean publish(RequestTransfer request, Server server, long sentBytes) {
        if (log == null) {
            return true;
        }
        AccessRecord access = log.claim();
        if (access == null) {
            return false;
        }
        access.listener = listener;
        access.client = client;
        access.route = route == null ? null : route.name();
        access.pool = pool == null ? null : pool.name();
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
        return true;
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
