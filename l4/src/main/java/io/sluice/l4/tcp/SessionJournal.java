package io.sluice.l4.tcp;

import io.sluice.core.connect.ConnectAttempts;
import io.sluice.core.log.SessionRecord;
import io.sluice.core.log.Termination;
import io.sluice.core.relay.Flow;
import io.sluice.core.stats.Counter;
import io.sluice.core.stats.Latency;
import io.sluice.core.stats.TrafficCount;
import io.sluice.core.stats.WorkerStats;
import java.net.InetSocketAddress;

/**
 * Collects what is known of one TCP session, and reports it at the end: to counters and to the session log. Owned by
 * one event loop.
 */
final class SessionJournal {

    private final TcpService service;
    private final WorkerStats stats;
    private final ConnectAttempts attempts;
    private final long startMs = System.currentTimeMillis();
    private final long startNs;
    private InetSocketAddress client;
    /** Null until it is known; set from the start if it is the only route. */
    private TcpRoute route;
    /** Whether the client has been sent to its route. */
    private boolean routed;
    /** As counted and logged; null if the client has not been refused. */
    private String refusal;
    /** Null until there is a relay, as is {@link #serverToClient}. */
    private Flow clientToServer;
    private Flow serverToClient;

    SessionJournal(TcpService service, ConnectAttempts attempts) {
        this.service = service;
        this.attempts = attempts;
        stats = service.worker().stats();
        startNs = service.worker().loop().nowNs();
        route = service.router().needsHello() ? null : service.router().unconditional();
    }

    InetSocketAddress client() {
        return client;
    }

    void client(InetSocketAddress address) {
        client = address;
    }

    TcpRoute route() {
        return route;
    }

    void route(TcpRoute chosen) {
        route = chosen;
        if (!routed) {
            routed = true;
            route.traffic().count(TrafficCount.CONNECTIONS);
        }
    }

    /** Notes and counts why the session is about to be refused. */
    void countRefusal(Refusal reason) {
        refusal = reason.reason();
        stats.count(reason.counter());
        service.traffic().errors().count(refusal);
    }

    /** Notes why the client has been refused, which is counted already; null if it has not. */
    void noteRefusal(String reason) {
        refusal = reason;
    }

    /** The flows of the session's relay. */
    void flows(Flow toServer, Flow toClient) {
        clientToServer = toServer;
        serverToClient = toClient;
    }

    /** The session is over. */
    void end(Termination termination, Opening opening) {
        count(termination);
        measure(termination);
        if (service.log() == null) {
            return;
        }
        SessionRecord record = service.log().claim();
        if (record == null) {
            stats.count(Counter.LOG_RECORDS_DROPPED);
            return;
        }
        fill(record);
        record.termination = termination;
        opening.describe(record);
        service.log().publish(record);
    }

    private void count(Termination termination) {
        if (termination == Termination.ROLE_DATA) {
            stats.count(Counter.ROLE_CHANGE_RESETS);
        }
        if (clientToServer != null) {
            stats.add(Counter.CLIENT_BYTES, clientToServer.writtenBytes());
            stats.add(Counter.SERVER_BYTES, serverToClient.writtenBytes());
        }
    }

    private void measure(Termination termination) {
        long totalNs = totalNs();
        service.traffic().record(Latency.TOTAL, totalNs);
        if (routed) {
            route.traffic().record(Latency.TOTAL, totalNs);
        }
        if (clientToServer != null) {
            attempts.traffic().record(Latency.TOTAL, totalNs);
            if (termination.isServersBreak()) {
                attempts.traffic().errors().count(termination.label());
            }
        } else if (termination.isRefusal()) {
            service.traffic().errors().count(termination.label());
        }
    }

    private long totalNs() {
        return service.worker().loop().nowNs() - startNs;
    }

    private void fill(SessionRecord record) {
        boolean relayed = clientToServer != null;
        record.startMs = startMs;
        record.listener = service.listener().name();
        record.client = client;
        record.pool = route == null ? null : route.connector().pool().name();
        record.server = attempts.server() == null ? null : attempts.server().name();
        record.queueNs = attempts.queueNs();
        record.connectNs = relayed ? attempts.connectNs() : -1;
        record.totalNs = totalNs();
        record.clientBytes = relayed ? clientToServer.writtenBytes() : 0;
        record.serverBytes = relayed ? serverToClient.writtenBytes() : 0;
        record.retries = attempts.retries();
        record.refusal = refusal;
    }
}
