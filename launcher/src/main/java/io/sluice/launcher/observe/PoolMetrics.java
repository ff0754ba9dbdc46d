package io.sluice.launcher.observe;

import io.sluice.config.SluiceConfig;
import io.sluice.core.pool.CheckResult;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.Role;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.ServerState;
import io.sluice.core.stats.Latency;
import io.sluice.core.stats.PerWorker;
import io.sluice.core.stats.PoolCount;
import io.sluice.core.stats.Tally;
import io.sluice.core.stats.Traffic;
import io.sluice.core.stats.TrafficCount;

/** The metrics of pools and their servers. Owned by one thread. */
final class PoolMetrics {

    /** Bounds of the buckets for connect times, in microseconds: usual ones in a data centre, and unusual ones. */
    private static final long[] CONNECT_BOUNDS_US = {1000, 5000, 25_000, 100_000, 1_000_000, 5_000_000};

    private final Numbers size;
    private final Numbers upServers;
    private final Numbers queue;
    private final Numbers queued;
    private final Numbers queueTimeouts;
    private final Numbers queueFull;
    private final Numbers poolRetries;
    private final Numbers noServer;
    private final Numbers up;
    private final Numbers state;
    private final Numbers primary;
    private final Numbers weight;
    private final Numbers connections;
    private final Numbers limit;
    private final Numbers idle;
    private final Numbers opened;
    private final Numbers received;
    private final Numbers sent;
    private final Numbers requests;
    private final Numbers retries;
    private final Numbers errors;
    private final Numbers refusedResponses;
    private final Numbers checkSeconds;
    private final Times connect;
    private final Times queueWait;
    private final Times firstByte;
    private final Times duration;

    PoolMetrics(Families families) {
        size = families.gauge("sluice_pool_servers", "Servers in the pool.");
        upServers = families.gauge("sluice_pool_servers_up", "Servers that take new connections.");
        queue = families.gauge("sluice_pool_queue_length", "Clients waiting for a server.");
        queued = families.counter("sluice_pool_queued", "Clients that had to wait for a server.");
        queueTimeouts = families.counter("sluice_pool_queue_timeouts",
                "Clients that waited too long for a server.");
        queueFull = families.counter("sluice_pool_queue_full",
                "Clients refused because too many were already waiting.");
        poolRetries = families.counter("sluice_pool_retries", "Retries after a failed attempt.");
        noServer = families.counter("sluice_pool_no_server", "Clients for whom there was no server at all.");
        up = families.gauge("sluice_server_up", "Whether the server takes new connections.");
        state = families.gauge("sluice_server_state", "1 for the server's current state.");
        primary = families.gauge("sluice_server_primary",
                "Whether the server is the primary; absent where no health check tells roles.");
        weight = families.gauge("sluice_server_weight", "The server's weight relative to the others.");
        connections = families.gauge("sluice_server_connections",
                "Current sessions, requests and connection attempts on the server.");
        limit = families.gauge("sluice_server_connections_limit",
                "Limit on sessions and requests, beyond which new ones wait; absent if there is none.");
        idle = families.gauge("sluice_server_idle_connections",
                "Idle connections to the server, kept for further requests.");
        opened = families.counter("sluice_server_opened_connections", "Connections opened to the server.");
        received = families.counter("sluice_server_received_bytes", "Bytes received from the server.");
        sent = families.counter("sluice_server_sent_bytes", "Bytes sent to the server.");
        requests = families.counter("sluice_server_requests",
                "HTTP requests sent to the server, by class of response status; none: there was no response.");
        retries = families.counter("sluice_server_retries",
                "Failed attempts on the server that were followed by another attempt.");
        errors = families.counter("sluice_server_errors", "Failures caused by the server, by reason.");
        refusedResponses = families.counter("sluice_server_refused_responses",
                "HTTP responses of the server that Sluice refused, by reason.");
        checkSeconds = families.gauge("sluice_server_check_duration_seconds", "Duration of the last health check.");
        connect = families.histogram("sluice_server_connect_seconds",
                "Duration of successful connection attempts.", CONNECT_BOUNDS_US);
        queueWait = families.histogram("sluice_server_queue_seconds",
                "Time that clients of the server spent in the pool's queue or its own; absent until one has waited.",
                CONNECT_BOUNDS_US);
        firstByte = families.histogram("sluice_server_first_byte_seconds",
                "Time from the request to the response's head (HTTP), or from the connection to the first byte (TCP).",
                TrafficMetrics.BOUNDS_US);
        duration = families.histogram("sluice_server_duration_seconds",
                "Duration of requests or sessions on the server, as seen by the client.",
                TrafficMetrics.BOUNDS_US);
    }

    void add(Pool pool) {
        Labels labels = Labels.of("pool", pool.name());
        size.add(pool.servers().size(), labels);
        upServers.add(pool.serversUp(), labels);
        queue.add(pool.queueLength(), labels);
        queued.add(Tally.sum(pool.counts(), PoolCount.QUEUED), labels);
        queueTimeouts.add(Tally.sum(pool.counts(), PoolCount.QUEUE_TIMEOUTS), labels);
        queueFull.add(Tally.sum(pool.counts(), PoolCount.QUEUE_FULL), labels);
        poolRetries.add(Tally.sum(pool.counts(), PoolCount.RETRIES), labels);
        noServer.add(Tally.sum(pool.counts(), PoolCount.NO_SERVER), labels);
        for (Server server : pool.servers()) {
            Labels ofServer = labels.and("server", server.name());
            addState(server, ofServer);
            addTraffic(server.traffic(), ofServer);
        }
    }

    private void addState(Server server, Labels labels) {
        up.add(server.state() == ServerState.UP ? 1 : 0, labels);
        state.add(1, labels.and("state", server.state().label()));
        if (server.role() != Role.UNKNOWN) {
            primary.add(server.role() == Role.PRIMARY ? 1 : 0, labels);
        }
        weight.add(server.weight(), labels);
        connections.add(server.connections(), labels);
        if (server.config().maxConnections() != SluiceConfig.UNLIMITED) {
            limit.add(server.config().maxConnections(), labels);
        }
        CheckResult check = server.lastCheck();
        if (check != null) {
            checkSeconds.add(check.tookNs() / 1e9, labels);
        }
    }

    private void addTraffic(PerWorker<Traffic> traffic, Labels labels) {
        idle.add(Tally.sum(traffic, TrafficCount.IDLE), labels);
        opened.add(Tally.sum(traffic, TrafficCount.CONNECTIONS), labels);
        received.add(Tally.sum(traffic, TrafficCount.RECEIVED_BYTES), labels);
        sent.add(Tally.sum(traffic, TrafficCount.SENT_BYTES), labels);
        retries.add(Tally.sum(traffic, TrafficCount.RETRIES), labels);
        TrafficMetrics.addAll(requests, Track.byClass(traffic), labels, "code");
        TrafficMetrics.addAll(errors, Track.errors(traffic), labels, "reason");
        TrafficMetrics.addAll(refusedResponses, Track.refusedResponses(traffic), labels, "reason");
        connect.add(traffic, Latency.CONNECT, labels);
        // Left out for servers without queued requests, where it would be a sixth of their lines and say nothing.
        if (Tally.sum(traffic, TrafficCount.QUEUED) > 0) {
            queueWait.add(traffic, Latency.QUEUE, labels);
        }
        firstByte.add(traffic, Latency.FIRST_BYTE, labels);
        duration.add(traffic, Latency.TOTAL, labels);
    }
}
